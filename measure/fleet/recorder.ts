/**
 * The hot side of a client process: every received event passes here and is only counted. Percentiles and ratios are
 * derived once, when the run closes.
 */

import { type Audience, streamOf } from '../../model/audience.ts'
import type { Clock } from '../../model/clock.ts'
import { type Delivery, sessionOf } from '../../model/delivery.ts'
import type { Overrun, PushEvent } from '../../model/event.ts'
import type { Loss } from '../../model/loss.ts'
import { dueBetween, type ScheduleSpec } from '../../model/schedule.ts'
import { elapsed, type Instant } from '../../model/units.ts'
import { Histogram } from '../../results/histogram.ts'
import { type FleetCounts, noErrors, noTally, type Window, within } from '../messages/fleet-counts.ts'
import { Pulses } from '../messages/single-events.ts'
import { Timeline } from '../messages/timeline.ts'
import { Backlog } from './backlog.ts'
import { ClientRecord } from './client-record.ts'
import { missedDeliveriesOf, sessions } from './missed-deliveries.ts'
import { Reconnects } from './reconnects.ts'
import { Responses } from './responses.ts'
import type { SessionObserver } from './session.ts'
import { Spread } from './spread.ts'

/** The options of a recorder. */
export interface RecorderContext {
  readonly clock: Clock
  readonly audience: Audience
  readonly delivery: Delivery
  readonly pagesPerSession: number
  /** As in the job. */
  readonly faulted?: true
  /** First client of this client process, which is the first page of its session, and the first client beyond it. */
  readonly from: number
  readonly to: number
}

export class Recorder implements SessionObserver<ClientRecord> {
  readonly reconnects: Reconnects<ClientRecord>
  readonly backlog = new Backlog<ClientRecord>()
  readonly #context: RecorderContext
  readonly #clients: ClientRecord[] = []
  readonly #connect = new Histogram()
  readonly #latency = new Histogram()
  readonly #service = new Histogram()
  readonly #spread: Spread | null
  #timeline: Timeline | undefined
  #pulses: Pulses | undefined
  #window: Window | undefined
  #heldFrom = Number.POSITIVE_INFINITY
  #expected = Number.POSITIVE_INFINITY
  /** Deliveries that can come: where a session shares a queue, each event comes to one of its pages. */
  #due = Number.POSITIVE_INFINITY
  #connected = 0
  #connectedAtOpen: number | undefined
  #everConnected = 0
  #everConnectedAtOpen: number | undefined
  #received = 0
  readonly #tally = { ...noTally }
  readonly #responses = new Responses()
  readonly #errors = { ...noErrors }
  readonly #errorDetails: Partial<Record<string, string>> = {}

  constructor(context: RecorderContext) {
    this.#context = context
    this.reconnects = new Reconnects(context.clock)
    this.#spread = context.audience.kind === 'individual' ? null : new Spread()
    for (let client = context.from; client < context.to; client++) {
      const stream = streamOf(context.audience, sessionOf(client, context.pagesPerSession))
      this.#clients.push(new ClientRecord(stream, context.clock()))
    }
  }

  /** The record of a client of this client process. */
  client(number: number): ClientRecord {
    const record = this.#clients[number - this.#context.from]
    if (record === undefined) throw new RangeError(`client ${number} is not of this client process`)
    return record
  }

  get connected(): number {
    return this.#connected
  }

  /** Events received since the beginning, for progress. */
  get received(): number {
    return this.#received
  }

  /** True when every event due in the window has come. */
  get complete(): boolean {
    if (this.#tally.delivered + this.#tally.heldBack >= this.#due) return true
    return (
      this.#context.delivery === 'last-value' &&
      this.#clients.every(({ span, ledger }) => span === null || ledger.last >= span.last)
    )
  }

  /**
   * Fixes the window. Called again with an earlier end when a run is cut short.
   * @param heldFrom when the buffer of the link is released: what comes from then on was held back; never unless given
   */
  open(window: Window, spec: ScheduleSpec, startAt: Instant, heldFrom?: Instant): void {
    this.#window = window
    this.#heldFrom = heldFrom ?? Number.POSITIVE_INFINITY
    this.reconnects.open(window.from)
    if (spec.arrivals === 'pulses') this.#pulses ??= new Pulses()
    this.#timeline ??= new Timeline(window.from, () => this.#connected)
    const spans = new Map<number, { first: number; last: number } | null>()
    this.#expected = 0
    for (const client of this.#clients) {
      let span = spans.get(client.stream)
      if (span === undefined) {
        span = dueBetween(spec, client.stream, elapsed(startAt, window.from), elapsed(startAt, window.to))
        spans.set(client.stream, span)
      }
      client.span = span
      this.#expected += lengthOf(span)
    }
    const { delivery, pagesPerSession } = this.#context
    const takers = delivery === 'session-queue' ? sessions(this.#clients, pagesPerSession) : null
    this.#due = takers?.reduce((sum, [page]) => sum + lengthOf(page?.span ?? null), 0) ?? this.#expected
  }

  /** Advances the time where no event comes; call it about once a bin. */
  tick(): void {
    const now = this.#context.clock()
    this.#timeline?.advance(now)
    if (this.#window === undefined || now < this.#window.from) return
    this.#connectedAtOpen ??= this.#connected
    this.#everConnectedAtOpen ??= this.#everConnected
  }

  /** Derives the counts of the window. */
  close(): FleetCounts {
    this.tick()
    this.#timeline?.finish()
    const { delivery, pagesPerSession, faulted = false } = this.#context
    for (const client of this.#clients)
      client.away = faulted && (!client.up || this.reconnects.isAway(client))
    const missed = missedDeliveriesOf(this.#clients, delivery, pagesPerSession)
    return {
      ...this.#tally,
      connected: this.#connectedAtOpen ?? this.#connected,
      everConnected: this.#everConnectedAtOpen ?? this.#everConnected,
      connect: this.#connect.encode(),
      latency: this.#latency.encode(),
      service: this.#service.encode(),
      spread: this.#spread?.parts() ?? [],
      expected: this.#expected,
      ...missed,
      responses: this.#responses.parts(),
      errors: this.#errors,
      errorDetails: this.#errorDetails,
      timeline: this.#timeline?.bins ?? [],
      storm: this.reconnects.counts(),
      backlog: this.backlog.counts(),
      pulses: this.#pulses?.counts() ?? [],
    }
  }

  attempt(client: ClientRecord): void {
    this.reconnects.attempt(client)
  }

  opens(client: ClientRecord): void {
    this.reconnects.opens(client)
  }

  moves(client: ClientRecord): void {
    this.reconnects.moves(client)
  }

  moved(client: ClientRecord): void {
    this.reconnects.moved(client)
  }

  event(client: ClientRecord, event: PushEvent, now: Instant = this.#context.clock()): void {
    const receipt = client.ledger.receive(event.seq)
    this.#received++
    if (this.#window === undefined) return
    const counted = within(this.#window, event.intendedAt)
    if (receipt === 'duplicate') {
      if (counted) this.#tally.duplicated++
      return
    }
    if (now >= this.#heldFrom) {
      if (!counted) return
      client.heldBack++
      this.#tally.heldBack++
      return
    }
    const latency = elapsed(event.intendedAt, now)
    this.#timeline?.delivered(now, latency)
    this.reconnects.event(client, event.intendedAt, latency)
    if (!counted) return
    this.#tally.delivered++
    this.backlog.event(client, event.intendedAt, now, latency)
    this.#pulses?.received(event.seq, latency)
    if (receipt === 'late') this.#tally.outOfOrder++
    this.#latency.record(latency)
    this.#service.record(elapsed(event.sentAt, now))
    this.#spread?.receive(client.stream, event.seq, now)
  }

  overrun(client: ClientRecord, { first, last }: Overrun): void {
    client.ledger.overrun(last)
    const span = client.span
    if (span !== null)
      this.#tally.overrun += Math.max(0, Math.min(last, span.last) - Math.max(first, span.first) + 1)
  }

  response(client: ClientRecord, empty: boolean): void {
    if (within(this.#window, this.#context.clock())) this.#responses.count(client.stream, empty)
  }

  up(client: ClientRecord, again: boolean): void {
    client.up = true
    this.#connected++
    if (!again) this.#everConnected++
    const renewed = this.reconnects.up(client, this.#connected)
    if (!again) this.#connect.record(elapsed(client.startedAt, this.#context.clock()))
    else if (!renewed && within(this.#window, this.#context.clock())) this.#tally.reconnects++
  }

  down(client: ClientRecord, { cause, detail, streamEnded }: Loss): void {
    const wasUp = client.up
    client.up = false
    if (wasUp) this.#connected--
    if (wasUp && streamEnded) this.reconnects.streamEnded(client, this.#connected)
    else this.reconnects.down(client, wasUp, cause, this.#connected)
    if (cause === 'closed') return
    this.#errors[cause]++
    this.#errorDetails[cause] ??= detail
  }
}

/** How many events a span has. */
const lengthOf = (span: ClientRecord['span']): number => (span === null ? 0 : span.last - span.first + 1)
