/**
 * Where a conformance case plays: one server half on a free port of the loopback, its clients, and
 * relays between them. Everything that was set up is taken down again by `close`.
 */
import { get } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { backoffOf } from '../measure/backoff.ts'
import { clockFrom, originNow } from '../measure/clock.ts'
import type { PushEvent } from '../measure/event.ts'
import { randomFor } from '../measure/random.ts'
import type { SettingValue } from '../measure/result.ts'
import { Session } from '../measure/session.ts'
import { defaults, type Settings } from '../measure/settings.ts'
import type { HeaderSet, PushServer } from '../measure/technique.ts'
import { instant, milliseconds } from '../measure/units.ts'
import type { Pair } from '../measure/workload.ts'
import { Mismatch, Probe, show, within } from './probe.ts'
import { VerifyProxy } from './proxy.ts'
import { AcceptedSockets } from './sockets.ts'

/** What a stage is set up with. */
export interface StageOptions {
  /** The technique under test. */
  readonly pair: Pick<Pair, 'technique' | 'server' | 'client'>
  /** Values for settings that either half declares; the others go by `verifySettings` and the defaults. */
  readonly settings: Readonly<Record<string, SettingValue>>
  readonly headers: HeaderSet
  readonly logEvents: number
  /** Longest wait, in milliseconds, for anything that is expected to happen. */
  readonly deadlineMs: number
}

const loopback = '127.0.0.1'
/** Quick, because a case waits for it; not at once, because a server that is away is asked again and again. */
const backoff = backoffOf('fixed', { base: milliseconds(10) })
/** How often a state is looked at that nobody announces. */
const lookEveryMs = 2

export class Stage {
  readonly #options: StageOptions
  readonly #closers: (() => Promise<unknown>)[] = []
  readonly #published: PushEvent[][] = []
  #accepted: AcceptedSockets | undefined
  #handedOver = 0
  #clients = 0
  #running = false
  #server: PushServer
  #url = new URL(`http://${loopback}`)

  private constructor(options: StageOptions) {
    this.#options = options
    this.#server = this.#create()
  }

  /** Sets up a stage with a server that listens. */
  static async open(options: StageOptions): Promise<Stage> {
    const stage = new Stage(options)
    try {
      await stage.#listen(0)
    } catch (error) {
      await stage.close()
      throw error
    }
    return stage
  }

  /** The address of the server's events. */
  get url(): URL {
    return this.#url
  }

  /** Clients that the server holds state for. */
  get subscribers(): number {
    return this.#server.subscribers
  }

  /** Connections that the server holds open. */
  get sockets(): number {
    return this.#accepted?.open ?? 0
  }

  /** How many events the server reported as handed to clients; an event for two clients counts twice. */
  get handedOver(): number {
    return this.#handedOver
  }

  /** Everything published on a stream so far. */
  published(stream = 0): readonly PushEvent[] {
    return this.#published[stream] ?? []
  }

  /** Publishes the next event of a stream. */
  publish(payload: string, stream = 0): void {
    this.#published[stream] ??= []
    const events = this.#published[stream]
    const seq = events.length + 1
    const event = { seq, intendedAt: instant(1_000 * seq), sentAt: instant(1_000 * seq + 7), payload }
    events.push(event)
    this.#server.publish(stream, event)
  }

  /** Publishes `count` events with a payload of `payloadBytes`. */
  publishMany(count: number, payloadBytes = 16): void {
    for (let index = 0; index < count; index++) this.publish(`${index} `.padEnd(payloadBytes, 'x'))
  }

  /** A client half with its session, not started. */
  client(at: URL = this.#url, stream = 0): Probe {
    const { pair, settings, headers, deadlineMs } = this.#options
    const name = `${++this.#clients} of stream ${stream}`
    const random = randomFor(1, 'verify', name)
    const url = new URL(at)
    url.searchParams.set('stream', String(stream))
    const half = pair.client.create({ url, headers, random }, valuesOf(pair.client, settings))
    const probe = new Probe({
      name,
      deadlineMs,
      session: observer => new Session(half, { backoff, random }, observer),
    })
    this.defer(() => probe.session.close())
    return probe
  }

  /** A client that is connected. */
  async join(at: URL = this.#url, stream = 0): Promise<Probe> {
    const probe = this.client(at, stream)
    await this.within(probe.session.start(), 'a first attempt to connect')
    await probe.until('to be connected', () => probe.ups > 0)
    return probe
  }

  /** A relay to the server; see {@link VerifyProxy.open}. */
  async proxy(pieceBytes?: number): Promise<VerifyProxy> {
    const proxy = await VerifyProxy.open(this.#url, pieceBytes)
    this.defer(() => proxy.close())
    return proxy
  }

  /** Has something that the case set up taken down with the stage. */
  defer(close: () => Promise<unknown>): void {
    this.#closers.push(close)
  }

  /** The status that the server answers a plain GET with. `pathAndQuery` begins with a slash. */
  async status(pathAndQuery: string): Promise<number | undefined> {
    const { promise, resolve, reject } = Promise.withResolvers<number | undefined>()
    const request = get(new URL(pathAndQuery, this.#url), { agent: false }, response => {
      resolve(response.statusCode)
      response.destroy()
    })
    request.once('error', reject)
    try {
      return await this.within(promise, `an answer to GET ${pathAndQuery}`)
    } finally {
      request.destroy()
    }
  }

  /** Closes the server. */
  async stop(): Promise<void> {
    this.#running = false
    await this.within(this.#server.close(), 'the server to close')
  }

  /** Starts a new server on the port of the one that was stopped, with its log rebuilt. */
  async restart(): Promise<void> {
    this.#server = this.#create()
    for (const [stream, events] of this.#published.entries()) {
      for (const event of events ?? []) this.#server.publish(stream, event)
    }
    await this.#listen(Number(this.#url.port))
  }

  /** Tries to let a second server listen on this one's port; resolves with the error that it gave. */
  async listenAgain(): Promise<unknown> {
    const second = this.#create()
    const error = await this.within(
      second.listen({ host: loopback, port: Number(this.#url.port) }).catch((reason: unknown) => reason),
      'a second server to give up',
    )
    await this.within(second.close(), 'a server that never listened to close')
    return error
  }

  /** Waits until `read` gives `expected`. @throws {Mismatch} at the deadline */
  async becomes(what: string, read: () => number, expected: number): Promise<void> {
    const end = performance.now() + this.#options.deadlineMs
    while (read() !== expected) {
      if (performance.now() > end)
        throw new Mismatch(`${what}: expected ${show(expected)}, got ${show(read())}`)
      await pause(lookEveryMs)
    }
  }

  /** Waits until the server holds nothing for any client. */
  async empties(): Promise<void> {
    await this.becomes('clients that the server holds state for', () => this.subscribers, 0)
    await this.becomes('connections that the server holds', () => this.sockets, 0)
  }

  /** {@link within} this stage's deadline. */
  within<T>(promise: Promise<T>, what: string): Promise<T> {
    return within(promise, this.#options.deadlineMs, what)
  }

  /** Takes everything down: clients first, the server last. */
  async close(): Promise<void> {
    try {
      await this.within(Promise.all(this.#closers.map(close => close())), 'the clients to close')
    } finally {
      if (this.#running) await this.stop()
      this.#accepted?.close()
    }
  }

  #create(): PushServer {
    const { pair, settings, logEvents } = this.#options
    const observer = {
      handedOver: (_event: PushEvent, _wait: number, receivers: number): void => {
        this.#handedOver += receivers
      },
      rearmed: (): void => {},
      heartbeats: (): void => {},
    }
    const context = { clock: clockFrom(originNow()), logEvents, observer }
    return pair.server.create(context, valuesOf(pair.server, settings))
  }

  async #listen(port: number): Promise<void> {
    this.#url = await this.within(this.#server.listen({ host: loopback, port }), 'the server to listen')
    this.#running = true
    this.#accepted ??= new AcceptedSockets(Number(this.#url.port))
  }
}

/** A half of a technique, as far as its settings go. */
interface Half {
  readonly settings: Settings
  readonly verifySettings?: Readonly<Record<string, SettingValue | undefined>>
}

/** The values for a half: its defaults, what it wants for verification, and what the caller wants. */
function valuesOf(half: Half, wanted: StageOptions['settings']): Record<string, SettingValue> {
  const values: Record<string, SettingValue> = { ...defaults(half.settings) }
  for (const name of Object.keys(values)) {
    const value = wanted[name] ?? half.verifySettings?.[name]
    if (value !== undefined) values[name] = value
  }
  return values
}
