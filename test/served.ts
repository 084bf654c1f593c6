/** A server adapter that a test talks to, on a free port, closed with the test. */
import type { TestContext } from 'node:test'
import { clockFrom, originNow } from '../model/clock.ts'
import type { Delivery } from '../model/delivery.ts'
import { encodeEvent, type PushEvent } from '../model/event.ts'
import { defaults, type Settings, type Values } from '../model/settings.ts'
import type { Address, PushServer, ServerObserver, ServerTechnique } from '../model/technique.ts'
import { instant } from '../model/units.ts'
import { RawConnection } from './raw-connection.ts'

/** What a test may want other than usual. */
export interface ServeOptions<S extends Settings> {
  readonly settings?: Partial<Values<S>>
  readonly logEvents?: number
  readonly delivery?: Delivery
  readonly acceptRate?: number
  /** A free port unless given. */
  readonly address?: Partial<Address>
  readonly observer?: Partial<ServerObserver>
}

/** A server that runs. */
export interface Served {
  readonly server: PushServer
  readonly url: URL
  /** Publishes an event on stream 0. */
  publish(seq: number, payload?: string): void
  /** A bare connection to the server, closed with the test. */
  connection(): Promise<RawConnection>
}

/** Starts the server adapter of a technique. */
export async function serve<S extends Settings>(
  t: TestContext,
  technique: ServerTechnique<S>,
  { settings, logEvents = 100, delivery = 'log', acceptRate, address, observer }: ServeOptions<S> = {},
): Promise<Served> {
  const context = {
    clock: clockFrom(originNow()),
    logEvents,
    delivery,
    ...(acceptRate === undefined ? {} : { acceptRate }),
    observer: { handedOver() {}, rearmed() {}, heartbeats() {}, ...observer },
  }
  const server = technique.create(context, { ...defaults(technique.settings), ...settings })
  const url = await server.listen({ host: '127.0.0.1', port: 0, ...address })
  t.after(() => server.close())
  return {
    server,
    url,
    publish: (seq, payload) => server.publish(0, eventOf(seq, payload)),
    async connection() {
      const connection = await RawConnection.open(url)
      t.after(() => connection.close())
      return connection
    },
  }
}

/** An event with stamps that follow from its number. */
export const eventOf = (seq: number, payload = `payload ${seq}`): PushEvent => ({
  seq,
  intendedAt: instant(seq * 1_000),
  sentAt: instant(seq * 1_000 + 5),
  payload,
})

/** The text of {@link eventOf}. */
export const textOf = (seq: number, payload?: string): string => encodeEvent(eventOf(seq, payload))

/** Waits until `holds` does, looking every other millisecond. */
export async function eventually(holds: () => boolean, what: string): Promise<void> {
  const end = performance.now() + 20_000
  while (!holds()) {
    if (performance.now() > end) throw new Error(`expected ${what} within 20 s`)
    await new Promise(resolve => setTimeout(resolve, 2))
  }
}
