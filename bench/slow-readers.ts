/**
 * What stalled readers cost the others: two servers of one technique in this process, one of them with slow readers,
 * publish in turns to as many brisk clients each, so that whatever disturbs one disturbs both.
 */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { clockFrom, originNow } from '../model/clock.ts'
import { defaults, zero } from '../model/settings.ts'
import type { ClientSink, ClientTechnique, PushServer, ServerTechnique } from '../model/technique.ts'
import { elapsed } from '../model/units.ts'
import { Histogram } from '../results/histogram.ts'
import { methodOf } from './method-of.ts'

/** How much of it. */
export interface SlowReaderLoad {
  readonly brisk: number
  readonly slow: number
  /** Events that each server publishes within the measurement. */
  readonly events: number
  /** Time between two events, whichever server publishes them. */
  readonly everyMs: number
}

/** 99th percentiles of the brisk clients' latency, in microseconds. */
export interface SlowReaderFigures {
  readonly withSlow: number
  readonly alone: number
  /** Deliveries to brisk clients that never came; 0 unless something is broken. */
  readonly lost: number
}

/** Fills what the systems of both ends buffer for a connection, and the socket's own. */
const fillBytes = 6 * 1_048_576
const fillPayload = 'x'.repeat(65_536)

/** What is in flight arrives by then. */
const settleMs = 300

const clock = clockFrom(originNow())

/** One server with its clients. */
class Side {
  readonly latency = new Histogram()
  received = 0
  readonly #server: PushServer
  readonly #client: ClientTechnique
  readonly #closing: (() => Promise<void> | void)[] = []
  #url = new URL('http://127.0.0.1')
  #seq = 0

  constructor(server: ServerTechnique, client: ClientTechnique) {
    const observer = { handedOver() {}, rearmed() {}, heartbeats() {} }
    // The settings of the conformance suite: a page of 1 KiB, where pages of 30 KiB would measure the loopback device.
    const settings = { ...defaults(server.settings), ...server.verifySettings, stall: zero }
    this.#server = server.create({ clock, logEvents: 64, observer }, settings)
    this.#client = client
  }

  async open(): Promise<void> {
    this.#url = await this.#server.listen({ host: '127.0.0.1', port: 0 })
  }

  /** Connects readers that ask and then take nothing, and has them fall behind. */
  async slow(readers: number): Promise<void> {
    const method = await methodOf(this.#url)
    for (let count = 0; count < readers; count++) {
      const socket: Socket = connect(Number(this.#url.port), this.#url.hostname)
      this.#closing.push(() => void socket.destroy())
      await once(socket, 'connect')
      socket.pause()
      socket
        .on('error', () => {})
        .write(
          `${method} ${this.#url.pathname} HTTP/1.1\r\nHost: ${this.#url.host}\r\nContent-Length: 0\r\n\r\n`,
        )
    }
    while (this.#server.subscribers < readers) await turn()
    for (let bytes = 0; readers > 0 && bytes < fillBytes; bytes += fillPayload.length) {
      this.publish(fillPayload)
      await turn()
    }
  }

  /** Connects clients that read. */
  async brisk(clients: number): Promise<void> {
    const url = new URL(`${this.#url}?stream=0`)
    for (let count = 0; count < clients; count++) {
      const client = this.#client.create(
        { url, headers: 'minimal', random: Math.random },
        defaults(this.#client.settings),
      )
      this.#closing.push(() => client.close())
      await client.connect(this.#sink())
    }
  }

  publish(payload: string): void {
    const now = clock()
    this.#server.publish(0, { seq: ++this.#seq, intendedAt: now, sentAt: now, payload })
  }

  async close(): Promise<void> {
    await Promise.all(this.#closing.map(close => close()))
    await this.#server.close()
  }

  #sink(): ClientSink {
    const side = this
    return {
      cursor: this.#seq,
      event({ sentAt }) {
        side.received++
        side.latency.record(elapsed(sentAt, clock()))
      },
      overrun() {},
      response() {},
      retryAfter() {},
      alive() {},
      opening() {},
      opened() {},
      lost() {},
    }
  }
}

const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

/** Measures a streaming technique over HTTP with and without slow readers. */
export async function measureSlowReaders(
  server: ServerTechnique,
  client: ClientTechnique,
  { brisk, slow, events, everyMs }: SlowReaderLoad,
): Promise<SlowReaderFigures> {
  const sides = [new Side(server, client), new Side(server, client)] as const
  const [withSlow, alone] = sides
  try {
    for (const side of sides) await side.open()
    await withSlow.slow(slow)
    for (const side of sides) await side.brisk(brisk)
    for (let event = 0; event < 2 * events; event++) {
      // Neither always follows the other: the pairs go a, b, b, a.
      sides[(event + (event >> 1)) % 2 === 0 ? 0 : 1].publish('x'.repeat(128))
      await new Promise(resolve => setTimeout(resolve, everyMs))
    }
    await new Promise(resolve => setTimeout(resolve, settleMs))
    const lost = 2 * events * brisk - withSlow.received - alone.received
    return { withSlow: withSlow.latency.percentile(99) ?? 0, alone: alone.latency.percentile(99) ?? 0, lost }
  } finally {
    for (const side of sides) await side.close()
  }
}
