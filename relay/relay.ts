/**
 * A relay between clients and one server, in user space and without root: it makes loopback behave like a
 * link (`link.ts`). `relay-connection.ts` handles a connection, `relay-path.ts` the time and order of its bytes,
 * and `relay-shaper.ts` buffers and chunks. The process `relay-process.ts` runs it; other folders know only its messages.
 */
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { DelayQueue } from '../measure/time/delay-queue.ts'
import type { Origin } from '../model/clock.ts'
import type { Link } from '../model/link.ts'
import type { Random } from '../model/random.ts'
import { listenBacklog } from '../model/technique.ts'
import { type Instant, instant } from '../model/units.ts'
import { Histogram } from '../results/histogram.ts'
import { RelayedConnection } from './relay-connection.ts'
import type { PathContext } from './relay-path.ts'

/** What a relay is made with. */
export interface RelayContext {
  readonly link: Link
  /** The server's address. */
  readonly target: URL
  readonly origin: Origin
  /** What jitter is drawn from. */
  readonly random: Random
}

const loopback = '127.0.0.1'

export class Relay {
  readonly #context: RelayContext
  readonly #departures: DelayQueue
  readonly #paths: PathContext
  readonly #server: Server
  readonly #connections = new Set<RelayedConnection>()
  /** Before {@link startCount}. */
  #earlierIdleCuts = 0
  #idleCuts = 0

  private constructor(context: RelayContext) {
    const { link, origin, random } = context
    this.#context = context
    this.#departures = new DelayQueue(origin)
    this.#paths = {
      link,
      random,
      departures: this.#departures,
      carriesFrom: instant(0),
      added: new Histogram(),
      largestHeld: 0,
    }
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, client => this.#accept(client))
  }

  /** Opens a relay on a free port of loopback. */
  static async open(context: RelayContext): Promise<Relay> {
    const relay = new Relay(context)
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    relay.#server.once('error', reject)
    relay.#server.listen({ host: loopback, port: 0, backlog: listenBacklog }, resolve)
    await promise
    await relay.#departures.ready()
    return relay
  }

  /** The server's address with this relay's host and port in place of its own. */
  get url(): URL {
    const url = new URL(this.#context.target)
    url.host = `${loopback}:${(this.#server.address() as AddressInfo).port}`
    return url
  }

  /** Connections under way. */
  get connections(): number {
    return this.#connections.size
  }

  /** Connections that were closed because they carried nothing, since {@link startCount}. */
  get idleCuts(): number {
    return this.#idleCuts
  }

  /** The same since the relay was opened. */
  get idleCutsInAll(): number {
    return this.#earlierIdleCuts + this.#idleCuts
  }

  /** For each forwarded segment since {@link startCount}, how much later it left than the link asked for, at the most. */
  get added(): Histogram {
    return this.#paths.added
  }

  /** The most bytes that one direction of a connection ever held. */
  get largestHeld(): number {
    return this.#paths.largestHeld
  }

  /** Resets the counts. */
  startCount(): void {
    this.#paths.added = new Histogram()
    this.#earlierIdleCuts += this.#idleCuts
    this.#idleCuts = 0
  }

  /** Carries nothing until then. What is already on its way arrives; connections stay, and new ones wait. */
  blackhole(until: Instant): void {
    this.#paths.carriesFrom = until
  }

  /** Passes what the buffers hold at the end of a run: it was held back and is not lost. */
  letGo(): void {
    for (const connection of this.#connections) connection.letGo()
  }

  /** Ends every connection. */
  async close(): Promise<void> {
    const closed = new Promise(resolve => this.#server.close(resolve))
    for (const connection of this.#connections) connection.destroy()
    await closed
    await this.#departures.close()
  }

  #accept(client: Socket): void {
    const { link, target } = this.#context
    const connection = new RelayedConnection(client, target, link, this.#paths, {
      closed: () => this.#connections.delete(connection),
      cut: () => this.#idleCuts++,
    })
    this.#connections.add(connection)
  }
}
