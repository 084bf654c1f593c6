/**
 * What broken pairs are made with: a sound pair, and ways to replace one thing that one of its adapters does.
 */

import { type ClientRequest, createServer, get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { lineCutter } from '../../clients/http/cutters.ts'
import { StreamClient } from '../../clients/http/stream.ts'
import { clients } from '../../clients/index.ts'
import { decodeMessage, type PushEvent } from '../../model/event.ts'
import { LossError } from '../../model/loss.ts'
import type { SettingValue } from '../../model/settings.ts'
import type {
  ClientSink,
  ClientTechnique,
  PushClient,
  PushServer,
  ServerObserver,
  ServerTechnique,
} from '../../model/technique.ts'
import { type Micros, micros } from '../../model/units.ts'
import { servers } from '../../servers/index.ts'
import type { VerifiedPair } from '../../verify/suite.ts'

/** The pair that the flaws are worked into. */
export const sound: VerifiedPair = {
  technique: 'sse',
  server: servers.sse as ServerTechnique,
  client: clients.sse,
}

/** The sound pair with some of its server's doings replaced. */
export function serving(change: (server: PushServer) => Partial<PushServer>): VerifiedPair {
  const create: ServerTechnique['create'] = (context, settings) => {
    const server = sound.server.create(context, settings)
    return replace<PushServer>(
      {
        listen: address => server.listen(address),
        publish: (stream, event) => server.publish(stream, event),
        close: () => server.close(),
        ...(server.drain && { drain: server.drain.bind(server) }),
        get subscribers() {
          return server.subscribers
        },
      },
      change(server),
    )
  }
  return { ...sound, server: { ...sound.server, create } }
}

/** The sound pair with another server, whatever the technique declares. */
export const servedBy = (create: ServerTechnique['create']): VerifiedPair => ({
  ...sound,
  server: { ...sound.server, create },
})

/** The sound pair whose server has another value of a setting than it was given. */
export const settingInstead = (name: string, value: SettingValue): VerifiedPair =>
  servedBy((context, settings) => sound.server.create(context, { ...settings, [name]: value }))

/** The sound pair whose client declares another silence. */
export const silentFor = (silence: (declared: Micros) => Micros | null): VerifiedPair => ({
  ...sound,
  client: {
    ...sound.client,
    silence: settings => silence(sound.client.silence?.(settings) ?? micros(0)),
  },
})

/** The sound pair, publishing otherwise. */
export function publishing(
  publish: (server: PushServer, stream: number, event: PushEvent) => void,
): VerifiedPair {
  return serving(server => ({ publish: (stream, event) => publish(server, stream, event) }))
}

/** The sound pair, reporting to another observer. */
export function observing(change: (observer: ServerObserver) => ServerObserver): VerifiedPair {
  const create: ServerTechnique['create'] = (context, settings) =>
    sound.server.create({ ...context, observer: change(context.observer) }, settings)
  return { ...sound, server: { ...sound.server, create } }
}

/** The sound pair with some of its client's doings replaced. */
export function calling(change: (adapter: PushClient) => Partial<PushClient>): VerifiedPair {
  const create: ClientTechnique['create'] = (context, settings) => {
    const adapter = sound.client.create(context, settings)
    return replace<PushClient>(
      { connect: sink => adapter.connect(sink), close: () => adapter.close() },
      change(adapter),
    )
  }
  return { ...sound, client: { ...sound.client, create } }
}

/** The sound pair with some of what its client hears replaced. */
export function receiving(change: (sink: ClientSink) => Partial<ClientSink>): VerifiedPair {
  return calling(adapter => ({
    connect(sink) {
      const heard: ClientSink = {
        get cursor() {
          return sink.cursor
        },
        event: event => sink.event(event),
        overrun: overrun => sink.overrun(overrun),
        response: empty => sink.response(empty),
        retryAfter: delay => sink.retryAfter(delay),
        alive: () => sink.alive(),
        opening: () => sink.opening(),
        opened: () => sink.opened(),
        lost: loss => sink.lost(loss),
      }
      return adapter.connect(replace(heard, change(sink)))
    },
  }))
}

/** The sound pair, failing to connect with another error. */
export function connecting(change: (error: LossError) => unknown): VerifiedPair {
  return calling(adapter => ({
    connect: sink =>
      adapter.connect(sink).catch(error => {
        throw error instanceof LossError ? change(error) : error
      }),
  }))
}

/** `whole` with some of its members replaced; getters stay getters. */
const replace = <T extends object>(whole: T, parts: Partial<T>): T =>
  Object.defineProperties(whole, Object.getOwnPropertyDescriptors(parts))

/** Reads an event stream as if the network never cut within a character. */
export class NaiveClient implements PushClient {
  readonly #url: URL
  #request: ClientRequest | undefined

  constructor(url: URL) {
    this.#url = url
  }

  connect(sink: ClientSink): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#request = get(this.#url, response => {
        resolve()
        let text = ''
        response.on('data', (piece: Buffer) => {
          const frames = (text + piece.toString()).split('\n\n')
          text = frames.pop() ?? ''
          for (const frame of frames) {
            const message = decodeMessage(frame.slice(frame.indexOf('data: ') + 6))
            if ('event' in message) sink.event(message.event)
          }
        })
        response.on('error', () => {})
      })
      this.#request.once('error', ({ message }) =>
        reject(new LossError({ cause: 'refused', detail: message })),
      )
    })
  }

  async close(): Promise<void> {
    this.#request?.destroy()
  }
}

/** Finds nothing wrong with any request. */
export function answeringEverything(): Partial<PushServer> {
  const http = createServer((_, response) => response.end())
  return {
    async listen({ host, port }) {
      await new Promise<void>(resolve => http.listen(port, host, resolve))
      return new URL(`http://${host}:${(http.address() as AddressInfo).port}/events`)
    },
    async close() {
      http.closeAllConnections()
      await new Promise<void>(resolve => http.close(() => resolve()))
    },
  }
}

/** Reads one stream and waits for another that it never asks for. */
class OneStreamClient extends StreamClient {
  #opened = false

  override connect(sink: ClientSink): Promise<void> {
    if (this.#opened) return Promise.withResolvers<void>().promise
    this.#opened = true
    return super.connect(sink)
  }
}

/** A pair whose client opens no other stream when one ends in order. */
export const neverRenewing: VerifiedPair = {
  technique: 'fetch-streaming',
  server: servers['fetch-streaming'] as ServerTechnique,
  client: {
    ...clients['fetch-streaming'],
    create: context =>
      new OneStreamClient(context, {
        initiator: 'fetch',
        contentType: /^application\/x-ndjson/,
        cutter: lineCutter,
      }),
  },
}
