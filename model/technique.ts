/**
 * The contracts between the pipeline and a technique: a server adapter that publishes, a client adapter that
 * receives, and the plain facts that each reports. A client contains no histogram, a server no schedule.
 */
import type { Clock } from './clock.ts'
import type { Prediction, PredictionInputs } from './closed-forms.ts'
import type { Delivery } from './delivery.ts'
import type { Overrun, PushEvent } from './event.ts'
import type { Loss } from './loss.ts'
import type { Random } from './random.ts'
import type { EmptyPoll, HeaderSet } from './request.ts'
import type { Settings, Values } from './settings.ts'
import type { Instant, Micros } from './units.ts'

// ---- server adapter ----------------------------------------------------------------------------------------

/** Where a server listens. Port 0 takes a free one. */
export interface Address {
  readonly host: string
  readonly port: number
  /**
   * Others may listen there as well (Linux SO_REUSEPORT), so that a successor can take connections while its
   * predecessor drains. All of them must ask for it.
   */
  readonly reusePort?: boolean
}

/**
 * How many connections may wait to be taken. A fleet connects at once; Node's default queue of 511 would drop
 * connections, and delay them by a second.
 */
export const listenBacklog = 4_096

/** What a server adapter is made with. */
export interface ServerContext {
  readonly clock: Clock
  /** Events kept per stream for clients that reconnect. */
  readonly logEvents: number
  /** What is promised to clients; `log` unless given. */
  readonly delivery?: Delivery
  /**
   * Connections per second that the server takes from its queue, in the order in which they came; unlimited
   * unless given. Makes a small machine behave as a loaded one.
   */
  readonly acceptRate?: number
  readonly observer: ServerObserver
  /** As {@link ClientContext.beginsAnywhere}. */
  readonly beginsAnywhere?: true
}

/** What only the server can see. All durations in microseconds. */
export interface ServerObserver {
  /**
   * Events handed to connections. `wait` is how long each had waited in the log because no request
   * could carry it: 0 when a connection was ready as it was published.
   */
  handedOver(event: PushEvent, wait: Micros, receivers: number): void
  /** Heartbeats were written to `receivers` connections. */
  heartbeats(receivers: number): void
  /**
   * From the end of a response until the same connection's next request.
   * @param first it is the first gap of its connection
   */
  rearmed(gap: Micros, first?: boolean): void
  /** A connection was taken when its turn came; called only where there is an {@link ServerContext.acceptRate}. */
  accepted?(): void
}

/** The server adapter of a technique, running. */
export interface PushServer {
  /** Resolves with the address to give to clients. Rejects when the address cannot be had. */
  listen(address: Address): Promise<URL>
  /** Takes an event for the clients of `stream`; never waits for delivery. */
  publish(stream: number, event: PushEvent): void
  /** Ends every connection and resolves when none is left. */
  close(): Promise<void>
  /**
   * Drains the connections, as before a deployment: takes no new one from now on, and ends the existing ones one after
   * the other, evenly over `over`. Each ends in the way in which the technique asks a client to reconnect (WebSocket
   * close 1012, SSE `retry:`, `Retry-After`, a last empty response). Events published meanwhile still reach the clients
   * that are connected. Resolves when no connection is left, and soon after `over` at the latest; the caller still
   * closes the server. Absent for a server that cannot drain.
   * @param retryAfter what the server asks clients to wait; 0 asks for nothing
   */
  drain?(over: Micros, retryAfter: Micros): Promise<void>
  /** Clients that the server holds state for at this moment; for tests that look for leaks. */
  readonly subscribers: number
}

/** The server adapter of a technique, as its file exports it. */
export interface ServerTechnique<S extends Settings = Settings> {
  /** One line for the catalogue. */
  readonly summary: string
  readonly family: 'pull' | 'Comet, request' | 'Comet, stream' | 'stream' | 'modern stream' | 'modern, duplex'
  /** The standard or article that the technique comes from. */
  readonly reference: string
  /** When that first described it, or a browser first shipped it. */
  readonly year: number
  /** In a sentence, how an event gets to the page. */
  readonly mechanism: string
  /** True where events come in a page that is sent anew each time, most of whose bytes are no events. */
  readonly resendsPage?: boolean
  /** What it needs from browser, server and proxies. */
  readonly needs: { readonly browser: string; readonly server: string; readonly proxy: string }
  /** Whether a page may use a server of another origin, and by what. */
  readonly crossesOrigins: string
  /** How the page learns that something went wrong. */
  readonly errors: string
  readonly settings: S
  /** What the technique cannot do, by conformance case, with the reason. */
  readonly deviations?: Readonly<Record<string, string>>
  /** Values that let the conformance suite end soon, where the defaults would have it wait. */
  readonly verifySettings?: Partial<Values<S>>
  create(context: ServerContext, settings: Values<S>): PushServer
  /** How long an idle request is held or a stream lives, for the closed forms; null where they do not cover the settings. */
  hold?(settings: Values<S>): Micros | null
  /** The silence after which a stream gives a heartbeat, for the closed form; 0 or absent for none. */
  heartbeat?(settings: Values<S>): Micros
  /** Lines that let a person watch the server by hand. */
  watch(url: URL): string
}

// ---- client adapter ----------------------------------------------------------------------------------------

/** Receives a client's plain facts. */
export interface ClientSink {
  /** Sequence number of the newest event received: what a client asks the server to continue after. */
  readonly cursor: number
  /** @param receivedAt when the event arrived, for a client that reports it later; now unless given */
  event(event: PushEvent, receivedAt?: Instant): void
  overrun(overrun: Overrun): void
  /** A response completed; `empty` when no event was in it. */
  response(empty: boolean): void
  /**
   * The server asks that reconnects wait this long.
   * @param once only the next one (HTTP `Retry-After`); until it asks for something else unless given (SSE `retry:`)
   */
  retryAfter(delay: Micros, once?: boolean): void
  /** Something arrived on the connection, even if only a heartbeat. Called by techniques that declare a `silence`. */
  alive(): void
  /**
   * A connection to the server is being opened. Called by clients that open one by themselves, when they ask or renew
   * and the server has closed the last; the one that `connect` opens may be named or not.
   */
  opening(): void
  /** The connection that was {@link opening} serves the client, or stands where the server answers no request at once. */
  opened(): void
  /** The connection is gone and the client has stopped; it may be connected again. */
  lost(loss: Loss): void
}

/** The client adapter of a technique, running. After a loss it reconnects only when `connect` is called. */
export interface PushClient {
  /** Resolves once the server would deliver the next published event to this client; rejects with a `LossError`. */
  connect(sink: ClientSink): Promise<void>
  /**
   * Ends the connection, or an attempt that is under way, without reporting a loss: the promise of that attempt may
   * reject or never settle. Resolves when its socket is closed; then the client may be connected again.
   */
  close(): Promise<void>
  /** Largest error of this client's instants; absent for a client that uses the run's clock. */
  readonly clockError?: Micros
}

/** A client that can stop reading, as the page of a suspended laptop does. */
export interface PausableClient extends PushClient {
  /**
   * Reads nothing from now on, neither on its connections nor on those that it opens, so that what the server sends
   * fills the buffers between them. What is on its way through the client may still be reported.
   */
  pause(): void
  /** Reads again, beginning with what arrived meanwhile. */
  resume(): void
}

/** What a client adapter is made with. */
export interface ClientContext {
  /** The server's address with the stream in its query. */
  readonly url: URL
  readonly headers: HeaderSet
  /** This client's own random numbers. */
  readonly random: Random
  /**
   * True where the first hold and the first silence before a heartbeat are random parts of a whole one, as for users
   * who opened the page at any time. A run asks for it where expiring holds or heartbeats affect its figures.
   * Elsewhere a short first one would expire although a whole one never does.
   */
  readonly beginsAnywhere?: true
  /** The run's clock, for a client that sees an event only after it arrived. */
  readonly clock?: Clock
}

/** What happens on a connection that carried no event for `after`. */
export interface Idle {
  /** A held request is answered empty, a heartbeat is written; a ping is sent whether or not there were events. */
  readonly what: 'hold' | 'heartbeat' | 'ping'
  readonly after: Micros
}

/** The client adapter of a technique, as its file exports it. */
export interface ClientTechnique<S extends Settings = Settings> {
  readonly settings: S
  /** As {@link ServerTechnique.verifySettings}. */
  readonly verifySettings?: Partial<Values<S>>
  create(context: ClientContext, settings: Values<S>): PushClient
  /** True where its clients are {@link PausableClient}s: a fault that makes clients stall needs it. */
  readonly pauses?: true
  /** Longest time that an event may still be on its way when publishing has ended. */
  drain(settings: Values<S>): Micros
  /**
   * True where the first gap of a client is a random part of its interval, so that clients are spread over it.
   * It is not a gap of the technique and is not counted as one.
   */
  readonly beginsAtRandomPhase?: true
  /**
   * How far back in time the events of one response can reach: the longest time between two requests. A run
   * publishes for this long before its window. Absent where events are handed over as they come.
   */
  lookBack?(settings: Values<S>): Micros
  /** What an idle connection carries, and when; null or absent for nothing. */
  idle?(settings: Values<S>): Idle | null
  /**
   * The longest silence that a live connection can show by these settings, heartbeats counted: beyond it the
   * client treats the connection as lost. Null or absent where silence does not mean a loss.
   */
  silence?(settings: Values<S>): Micros | null
  /** What theory predicts for the settings of both adapters; absent or null where no closed form covers them. */
  predict?(settings: Values<S>, inputs: PredictionInputs): Prediction | null
  /**
   * What a client of this technique asks when nothing has happened, in the form that is not held: how many of
   * these a server answers is its ceiling. Absent where clients do not ask, so that requests set no limit.
   */
  ceiling?(context: Pick<ClientContext, 'url' | 'headers'>, settings: Values<S>): EmptyPoll
}

/** A technique whose settings alone decide its type; what it takes over from others fits fewer settings as well. */
type Declared<T, S extends Settings> = NoInfer<T> & { readonly settings: S }

/** Keeps the type of an adapter's settings while it is checked against the contract. */
export const serverTechnique = <S extends Settings>(
  technique: Declared<ServerTechnique<S>, S>,
): ServerTechnique<S> => technique

/** What a technique that declares `pauses` has to make. */
type Pausing =
  | { readonly pauses: true; create(...made: never[]): PausableClient }
  | { readonly pauses?: never }

/** As {@link serverTechnique}, for a client adapter. */
export const clientTechnique = <S extends Settings>(
  technique: Declared<ClientTechnique<S>, S> & Pausing,
): ClientTechnique<S> => technique
