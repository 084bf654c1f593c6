/**
 * When events are due. The schedule is arithmetic on the seed alone, with no clock inside: the publisher
 * follows it, the fleet derives from it which events it must have received, and a server that was killed
 * and restarted rebuilds from it the events that it missed.
 */
import { Heap } from './heap.ts'
import { exponential, randomFor } from './random.ts'
import { type Micros, micros } from './units.ts'

/** How the events of one stream are spaced: memoryless, one every 1/rate seconds, or at given instants. */
export type Arrivals = 'poisson' | 'periodic' | 'pulses'

/** What a schedule is computed from. */
export interface ScheduleSpec {
  readonly seed: number
  readonly arrivals: Arrivals
  /** Events per second and stream; above 0. Has no effect where the instants are given. */
  readonly ratePerSecond: number
  /**
   * Publishing begins this much earlier, and due times count from there. The events after the lead are the same,
   * only later by the lead, so that techniques with a lead and techniques without one see the same events.
   */
  readonly lead?: Micros
  /** For `pulses`: when the events of every stream are due, ascending, from the start of publishing. */
  readonly pulses?: readonly Micros[]
}

/** One due event of one stream. */
export interface Due {
  readonly stream: number
  /** Counts from 1 within its stream. */
  readonly seq: number
  /** From the start of publishing, whole microseconds. */
  readonly at: Micros
}

/** The due time that stands for "never". */
const never = micros(Number.POSITIVE_INFINITY)

/**
 * The endless sequence of due times of one stream, ascending, from the start of publishing.
 * Periodic streams begin at a random phase of their own, so that many of them do not beat together.
 */
export function* dueTimes(spec: ScheduleSpec, stream: number): Generator<Micros, never> {
  if (spec.arrivals === 'pulses') {
    yield* spec.pulses ?? []
    while (true) yield never
  }
  const { lead = 0 } = spec
  const random = randomFor(spec.seed, 'schedule', stream)
  const period = 1_000_000 / spec.ratePerSecond
  const periodic = spec.arrivals === 'periodic'
  let at = periodic ? random() * period : exponential(random, period)
  if (lead > 0) yield* leadTimes(spec, stream, period, periodic ? at : null)
  while (true) {
    yield micros(lead + Math.round(at))
    at += periodic ? period : exponential(random, period)
  }
}

/** The due times of the lead, ascending. @param first when the first periodic event behind it is due; null for Poisson */
function* leadTimes(
  { seed, lead = micros(0) }: ScheduleSpec,
  stream: number,
  period: number,
  first: number | null,
): Generator<Micros, void> {
  const random = randomFor(seed, 'lead', stream)
  let at = first === null ? exponential(random, period) : (lead + first) % period
  for (; Math.round(at) < lead; at += first === null ? exponential(random, period) : period) {
    yield micros(Math.round(at))
  }
}

/** The events of several streams in the order in which they are due, up to (not including) `end`. */
export function* dueEvents(
  spec: ScheduleSpec,
  streams: readonly number[],
  end: Micros,
): Generator<Due, void> {
  const heap = new Heap<Cursor>(before)
  for (const stream of streams) {
    const times = dueTimes(spec, stream)
    heap.add({ times, due: { stream, seq: 1, at: times.next().value } })
  }
  for (let top = heap.least; top !== undefined && top.due.at < end; top = heap.least) {
    yield top.due
    top.due = { stream: top.due.stream, seq: top.due.seq + 1, at: top.times.next().value }
    heap.sinkLeast()
  }
}

/** The sequence numbers of one stream that are due in [from, to): first and last, or null when there are none. */
export function dueBetween(
  spec: ScheduleSpec,
  stream: number,
  from: Micros,
  to: Micros,
): { first: number; last: number } | null {
  let seq = 0
  let first = 0
  for (const at of dueTimes(spec, stream)) {
    if (at >= to) break
    seq++
    if (at >= from && first === 0) first = seq
  }
  return first === 0 ? null : { first, last: seq }
}

interface Cursor {
  readonly times: Generator<Micros, never>
  due: Due
}

const before = (a: Cursor, b: Cursor): boolean =>
  a.due.at < b.due.at || (a.due.at === b.due.at && a.due.stream < b.due.stream)
