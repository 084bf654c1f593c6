/**
 * The harness of a conformance case: one server on a free loopback port, its clients, and relays between them. `close`
 * closes everything that was set up.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { Session } from '../measure/fleet/session.ts'
import { backoffOf } from '../model/backoff.ts'
import type { PushEvent } from '../model/event.ts'
import { randomFor } from '../model/random.ts'
import type { HeaderSet } from '../model/request.ts'
import { instant, milliseconds } from '../model/units.ts'
import { type SettingValues, valuesOf } from './declarations.ts'
import { Mismatch, within } from './mismatch.ts'
import type { VerifiedPair } from './pair.ts'
import { VerifyProxy } from './proxy.ts'
import { ServerRun } from './server-run.ts'
import { Servers } from './servers.ts'
import { TestClient } from './test-client.ts'

/** The options of a harness. */
export interface HarnessOptions {
  readonly pair: VerifiedPair
  /** Values for settings that either adapter declares; the others go by `verifySettings` and the defaults. */
  readonly settings: SettingValues
  readonly headers: HeaderSet
  readonly logEvents: number
  /** Longest wait, in milliseconds, for anything that is expected to happen. */
  readonly deadlineMs: number
}

/** How a client is made; by default for stream 0 of the server itself, with nothing seen. */
export interface ClientOptions {
  readonly at?: URL
  readonly stream?: number
  /** Sequence number of the event that the client saw last. */
  readonly cursor?: number
}

/** Short, because a case waits for it; not zero, because clients retry repeatedly while a server is away. */
const backoff = backoffOf('fixed', { base: milliseconds(10) })
/** How often to check a state for which there is no event. */
const lookEveryMs = 2

export class Harness {
  readonly options: HarnessOptions
  readonly #closers: (() => Promise<unknown>)[] = []
  readonly #published: PushEvent[][] = []
  /** The server under test, and what becomes of it. */
  readonly server: Servers
  #clients = 0

  private constructor(options: HarnessOptions) {
    const { pair, settings, logEvents } = options
    this.options = options
    this.server = new Servers({
      create: () =>
        new ServerRun({
          technique: pair.server,
          settings: valuesOf(pair.server, settings),
          logEvents,
        }),
      published: this.#published,
      within: (promise, what) => this.within(promise, what),
    })
  }

  /** Sets up a harness with a server that listens. */
  static async open(options: HarnessOptions): Promise<Harness> {
    const harness = new Harness(options)
    try {
      await harness.server.listen(0)
    } catch (error) {
      await harness.close()
      throw error
    }
    return harness
  }

  /** Everything published on a stream so far. */
  published(stream = 0): readonly PushEvent[] {
    return this.#published[stream] ?? []
  }

  /** Publishes the next event of a stream, at the successor as well once there is one. */
  publish(payload: string, stream = 0): void {
    this.#published[stream] ??= []
    const events = this.#published[stream]
    const seq = events.length + 1
    const event = { seq, intendedAt: instant(1_000 * seq), sentAt: instant(1_000 * seq + 7), payload }
    events.push(event)
    this.server.publish(stream, event)
  }

  /** Publishes `count` events with a payload of `payloadBytes`. */
  publishMany(count: number, payloadBytes = 16): void {
    for (let index = 0; index < count; index++) this.publish(`${index} `.padEnd(payloadBytes, 'x'))
  }

  /** A client adapter with its session, not started. */
  client({ at = this.server.url, stream = 0, cursor = 0 }: ClientOptions = {}): TestClient {
    const { pair, settings, headers, deadlineMs } = this.options
    const name = `${++this.#clients} of stream ${stream}`
    const random = randomFor(1, 'verify', name)
    const url = new URL(at)
    url.searchParams.set('stream', String(stream))
    const adapter = pair.client.create({ url, headers, random }, valuesOf(pair.client, settings))
    const client = new TestClient({
      name,
      deadlineMs,
      session: observer => new Session(adapter, { backoff, random }, observer, null),
    })
    client.session.cursor = cursor
    this.defer(() => client.close())
    return client
  }

  /** A client that is connected. */
  async join(options: ClientOptions = {}): Promise<TestClient> {
    const client = this.client(options)
    await this.within(client.session.start(), 'a first attempt to connect')
    await client.connects()
    return client
  }

  /** A relay to the server; see {@link VerifyProxy.open}. */
  async proxy(pieceBytes?: number): Promise<VerifyProxy> {
    const proxy = await VerifyProxy.open(this.server.url, pieceBytes)
    this.defer(() => proxy.close())
    return proxy
  }

  /** Registers something of the case that is closed with the harness. */
  defer(close: () => Promise<unknown>): void {
    this.#closers.push(close)
  }

  /** Waits until everything published on stream 0 has arrived at each client, in order. @throws {Mismatch} */
  async arrivesAt(...clients: readonly TestClient[]): Promise<void> {
    await Promise.all(clients.map(client => client.receives(this.published())))
  }

  /** Waits until `holds` does; `got` says what is there instead. @throws {Mismatch} at the deadline */
  async until(
    what: string,
    holds: () => boolean,
    got: () => string = () => 'nothing in that time',
  ): Promise<void> {
    if (!(await this.comes(holds))) throw new Mismatch(`expected ${what}, got ${got()}`)
  }

  /** Waits until `holds` does. @returns false at the deadline */
  async comes(holds: () => boolean): Promise<boolean> {
    const end = performance.now() + this.options.deadlineMs
    while (!holds()) {
      if (performance.now() > end) return false
      await pause(lookEveryMs)
    }
    return true
  }

  /** Waits until `read` gives `expected`. @throws {Mismatch} at the deadline */
  becomes(what: string, read: () => number, expected: number): Promise<void> {
    return this.until(
      `${expected} ${what}`,
      () => read() === expected,
      () => String(read()),
    )
  }

  /** Waits until the server holds no state for any client. */
  async empties(): Promise<void> {
    await this.becomes('clients that the server holds state for', () => this.server.subscribers, 0)
    await this.becomes('connections that the server holds', () => this.server.sockets, 0)
  }

  /** {@link within} this harness's deadline. */
  within<T>(promise: Promise<T>, what: string): Promise<T> {
    return within(promise, this.options.deadlineMs, what)
  }

  /** Closes everything: clients first, the server last. */
  async close(): Promise<void> {
    try {
      await this.within(Promise.all(this.#closers.map(close => close())), 'the clients to close')
    } finally {
      await this.server.close()
    }
  }
}
