/**
 * `websocket`: the browser's side of RFC 6455. The library answers pings.
 */
import { type RawData, WebSocket } from 'ws'
import { decodeMessage } from '../model/event.ts'
import { type Loss, LossError } from '../model/loss.ts'
import { compressionSetting, pingSetting } from '../model/shared-settings.ts'
import {
  type ClientContext,
  type ClientSink,
  clientTechnique,
  type PausableClient,
} from '../model/technique.ts'
import { hand } from './http/asking.ts'
import { requestHeaders } from './http/headers.ts'
import { statusDetail } from './http/http.ts'
import { lossOf } from './http/loss.ts'
import { beatSilence, transit } from './http/silence.ts'

/** RFC 6455 section 7.4.1: normal closure, going away, and 1012 service restart (IANA registry). */
const orderlyCodes = [1000, 1001, 1012]

class WebSocketClient implements PausableClient {
  readonly #context: ClientContext
  readonly #compression: boolean
  #socket: WebSocket | undefined
  #paused = false

  constructor(context: ClientContext, compression: boolean) {
    this.#context = context
    this.#compression = compression
  }

  connect(sink: ClientSink): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = this.#open(sink.cursor)
      this.#socket = socket
      let opened = false
      let loss: Loss | undefined
      socket.on('open', () => {
        opened = true
        if (this.#paused) socket.pause()
        resolve()
      })
      socket.on('ping', () => sink.alive())
      socket.on('message', (data: RawData) => {
        // What had come is read to its end even after the connection was closed.
        if (this.#socket !== socket) return
        try {
          hand(decodeMessage(data.toString()), sink)
        } catch (error) {
          loss = lossOf(error)
          socket.terminate()
        }
      })
      socket.on('error', error => {
        loss = statusLoss(error, this.#context.url) ?? lossOf(error)
      })
      socket.on('close', code => {
        if (this.#socket !== socket) return
        const orderly = orderlyCodes.includes(code)
        loss ??= { cause: orderly ? 'closed' : 'reset', detail: `closed with code ${code}` }
        if (opened) sink.lost(loss)
        else reject(new LossError(loss))
      })
    })
  }

  pause(): void {
    this.#paused = true
    this.#socket?.pause()
  }

  resume(): void {
    this.#paused = false
    this.#socket?.resume()
  }

  async close(): Promise<void> {
    const socket = this.#socket
    this.#socket = undefined
    if (socket === undefined || socket.readyState === WebSocket.CLOSED) return
    const closed = new Promise(resolve => socket.once('close', resolve))
    socket.terminate()
    await closed
  }

  #open(cursor: number): WebSocket {
    const { url, headers } = this.#context
    const pairs = requestHeaders(headers, 'websocket', url.origin)
    // Node writes Host last unless it is given; a browser sends it first.
    const named: Record<string, string> = { Host: url.host }
    for (let index = 0; index < pairs.length; index += 2) named[pairs[index] ?? ''] = pairs[index + 1] ?? ''
    return new WebSocket(`ws://${url.host}${url.pathname}${url.search}&since=${cursor}`, {
      // An offered extension must be used when the server agrees to it.
      perMessageDeflate: this.#compression || headers === 'browser',
      headers: named,
    })
  }
}

/** ws reports a refused handshake as a plain error with the status in its text. */
function statusLoss(error: Error, { pathname }: URL): Loss | undefined {
  const status = /^Unexpected server response: (\d+)$/.exec(error.message)?.[1]
  return status === undefined ? undefined : { cause: 'status', detail: statusDetail(status, pathname) }
}

export const websocket = clientTechnique({
  settings: {
    ping: pingSetting,
    compression: compressionSetting,
  },
  pauses: true,
  create: (context, { compression }) => new WebSocketClient(context, compression),
  drain: () => transit,
  idle: ({ ping }) => (ping > 0 ? { what: 'ping', after: ping } : null),
  silence: ({ ping }) => beatSilence(ping),
})
