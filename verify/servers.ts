/**
 * The servers of a conformance case: the one under test, those that it replaced, and its successor. A server that takes
 * the place of another has the same log.
 */
import type { PushEvent } from '../model/event.ts'
import { milliseconds } from '../model/units.ts'
import { expectThat } from './mismatch.ts'
import { takesConnections } from './raw-request.ts'
import type { ServerRun } from './server-run.ts'

/** What the servers of a case are made with. */
export interface ServersContext {
  /** Makes a server that does not listen yet. */
  readonly create: () => ServerRun
  /** Everything published so far, by stream. */
  readonly published: readonly (readonly PushEvent[] | undefined)[]
  /** Waits for a promise, up to the deadline of the case. @throws {Mismatch} that names `what` */
  readonly within: <T>(promise: Promise<T>, what: string) => Promise<T>
}

export class Servers {
  readonly #context: ServersContext
  /** Every server so far. */
  readonly #runs: ServerRun[] = []
  #current: ServerRun
  #successor: ServerRun | undefined
  #running = false

  constructor(context: ServersContext) {
    this.#context = context
    this.#current = this.#create()
  }

  /** The address of the events. */
  get url(): URL {
    return this.#current.url
  }

  /** Clients that the server holds state for. */
  get subscribers(): number {
    return this.#current.push.subscribers
  }

  /** Connections that the server holds open. */
  get sockets(): number {
    return this.#current.sockets
  }

  /** How many events the server reported as handed to clients; an event for two clients counts twice. */
  get handedOver(): number {
    return this.#current.handedOver
  }

  /** Listens; port 0 takes a free one. */
  async listen(port: number): Promise<void> {
    await this.#context.within(this.#current.listen(port), 'the server to listen')
    this.#running = true
  }

  /** Gives an event to the server, and to its successor once there is one. */
  publish(stream: number, event: PushEvent): void {
    this.#current.push.publish(stream, event)
    this.#successor?.push.publish(stream, event)
  }

  /** Closes the server. */
  async stop(): Promise<void> {
    this.#running = false
    await this.#context.within(this.#current.close(), 'the server to close')
  }

  /** Starts a new server on the port of the one that was stopped, with its log rebuilt. */
  async restart(): Promise<void> {
    const port = Number(this.url.port)
    this.#current = this.#rebuilt()
    await this.listen(port)
  }

  /**
   * Starts a second server with the same log, as a deployment does: from now on both are given every event.
   * @returns its address
   */
  async succeed(): Promise<URL> {
    const successor = this.#rebuilt()
    await this.#context.within(successor.listen(0), 'the successor to listen')
    this.#successor = successor
    return successor.url
  }

  /**
   * Drains the server evenly over a window, without asking clients to wait.
   * @returns settles when the server has ended every connection
   */
  drain(overMs: number): Promise<void> {
    const { push } = this.#current
    expectThat(push.drain !== undefined, 'the server to have drain()', 'no drain()')
    return push.drain(milliseconds(overMs), milliseconds(0))
  }

  /** Tries to let a second server listen on the port of this one; resolves with the error that it gave. */
  async listenAgain(): Promise<unknown> {
    const { within } = this.#context
    const second = this.#create()
    const error = await within(
      second.listen(Number(this.url.port)).catch((reason: unknown) => reason),
      'a second server to give up',
    )
    await within(second.close(), 'a server that never listened to close')
    return error
  }

  /** True when the server takes a new connection. */
  accepts(): Promise<boolean> {
    return this.#context.within(takesConnections(this.url), 'a new connection to be taken or refused')
  }

  /** Closes the servers that still run. */
  async close(): Promise<void> {
    const successor = this.#successor?.close() ?? Promise.resolve()
    try {
      await Promise.all([
        this.#context.within(successor, 'the successor to close'),
        this.#running ? this.stop() : undefined,
      ])
    } finally {
      for (const run of this.#runs) run.release()
    }
  }

  #create(): ServerRun {
    const run = this.#context.create()
    this.#runs.push(run)
    return run
  }

  /** A server that was given every event so far. */
  #rebuilt(): ServerRun {
    const run = this.#create()
    for (const [stream, events] of this.#context.published.entries())
      for (const event of events ?? []) run.push.publish(stream, event)
    return run
  }
}
