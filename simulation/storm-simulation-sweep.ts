/** How wide the jitter must be for a server of limited rate: n clients over a window J need J >= n / rate. */
import { backoffOf } from '../model/backoff.ts'
import { after, type Instant, instant, type Micros, micros, seconds } from '../model/units.ts'
import { stormWindow } from './storm-figures.ts'
import { baseline, type StormOutcome, simulateStorm } from './storm-simulation.ts'

export interface JitterSweepModel {
  /** Clients that are dropped together by a server that stays up; 1 to 2,097,152. */
  readonly clients: number
  /** Connections that the server accepts per second. */
  readonly acceptPerSecond: number
  /** The jitter windows to try; in any order. {@link windowsAround} has a choice. */
  readonly windows: readonly Micros[]
  readonly seed: number
}

/** The effect of one jitter window J: every client reconnects once, uniform from 0 to J. */
export interface JitterSweepRow {
  readonly jitter: Micros
  /** J rate / n: the capacity of the window in units of what arrives in it; the rule asks for 1 or more. */
  readonly capacityShare: number
  /** Most arrivals within a second, in units of the accept rate. */
  readonly peakToRate: number
  /** The longest that an attempt lay in the server's queue. */
  readonly longestWait: Micros
  /** Until 99 % were back, from the fault. */
  readonly t99: Micros | null
  /** Whether the queue stayed within what chance alone explains; see {@link chanceWait}. */
  readonly bounded: boolean
}

export interface JitterSweep {
  /** In ascending order of the window. */
  readonly rows: readonly JitterSweepRow[]
  /** n / rate: the least window by the rule. */
  readonly expected: Micros
  /** The least window from which on every window tried kept the queue bounded; null if the widest did not. */
  readonly found: Micros | null
}

/** Windows from a quarter of n / rate to three times as much, dense about n / rate itself. */
export function windowsAround(clients: number, acceptPerSecond: number): Micros[] {
  const shares = [0.25, 0.5, 0.75, 0.9, 0.95, 1, 1.05, 1.1, 1.25, 1.5, 2, 3]
  return shares.map(share => micros((share * seconds(1) * clients) / acceptPerSecond))
}

/**
 * The longest wait that chance explains when arrivals just match the rate: the queue is then the range of a
 * Brownian bridge, which exceeds 2 sqrt(n) once in a hundred times (N. H. Kuiper, 1960). A window that is too
 * narrow has a wait of n / rate - J, which grows with n and not with its root.
 */
export function chanceWait(clients: number, acceptPerSecond: number): Micros {
  return micros((2 * Math.sqrt(clients) * seconds(1)) / acceptPerSecond)
}

/** Simulates a storm for each window and finds where the rule begins to hold. */
export function jitterSweep(model: JitterSweepModel): JitterSweep {
  const { clients, acceptPerSecond, windows } = model
  const rows = windows.toSorted((a, b) => a - b).map(jitter => rowOf(model, jitter))
  const firstBounded = rows.findLastIndex(row => !row.bounded) + 1
  return {
    rows,
    expected: micros((clients * seconds(1)) / acceptPerSecond),
    found: rows[firstBounded]?.jitter ?? null,
  }
}

function rowOf({ clients, acceptPerSecond, seed }: JitterSweepModel, jitter: Micros): JitterSweepRow {
  const drained = micros((clients * seconds(1)) / acceptPerSecond)
  const outcome = simulateStorm({
    ...baseline,
    clients,
    acceptPerSecond,
    seed,
    backoff: backoffOf('full-jitter', { base: jitter, cap: jitter }),
    horizon: horizonAfter(jitter, drained),
  })
  return {
    jitter,
    capacityShare: jitter / drained,
    peakToRate: peakPerSecond(outcome) / acceptPerSecond,
    longestWait: outcome.longestWait,
    t99: outcome.backSinceFault.t99,
    bounded: outcome.longestWait <= chanceWait(clients, acceptPerSecond),
  }
}

/** Late enough for the last arrival to find the longest queue. */
const horizonAfter = (jitter: Micros, drained: Micros): Instant =>
  after(after(instant(seconds(1)), jitter), drained)

/** Most arrivals in any second that begins with a window. */
function peakPerSecond({ series: { arrivals } }: StormOutcome): number {
  const span = seconds(1) / stormWindow
  let [inSpan, most] = [0, 0]
  for (let window = 0; window < arrivals.length; window++) {
    inSpan += (arrivals[window] ?? 0) - (arrivals[window - span] ?? 0)
    most = Math.max(most, inSpan)
  }
  return most
}
