/**
 * What theory says a setting must yield. The forms are those of renewal processes: events arrive as a
 * Poisson process, a request is armed for `hold` at the most, and between two armed requests lies `gap`.
 */
import type { Predicted } from './result.ts'
import type { Micros } from './units.ts'

/** What the form is computed from. */
export interface Cycle {
  /** Events per second that reach one client; above 0. */
  readonly ratePerSecond: number
  /** The re-arm gap r, in microseconds. */
  readonly gap: Micros
  /** The hold H, in microseconds; 0 for plain polling. */
  readonly hold: Micros
}

/**
 * Poisson events, a whole queue flushed per response. With lambda the event rate:
 *
 *     p0    = exp(-lambda r)                                 no event while no request is armed
 *     cycle = r + p0 (1 - exp(-lambda H)) / lambda
 *     f_gap = lambda r / (lambda r + p0 (1 - exp(-lambda H)))
 *     E[W]  = f_gap r / 2                                    an event in the gap waits Uniform(0, r)
 *     empty = exp(-lambda (r + H))
 *
 * With H = 0 this is polling at interval r: W is Uniform(0, r) and empty is exp(-lambda r).
 */
export function requestCycle({ ratePerSecond, gap, hold }: Cycle): Omit<Predicted, 'formula'> {
  const lambda = ratePerSecond / 1_000_000
  const quiet = Math.exp(-lambda * gap)
  const answered = quiet * -Math.expm1(-lambda * hold)
  const cycle = gap + answered / lambda
  const inGap = (lambda * gap) / (lambda * gap + answered)
  return {
    gapMicros: gap,
    holdMicros: hold,
    waitMeanMicros: (inGap * gap) / 2,
    emptyRatio: Math.exp(-lambda * (gap + hold)),
    responsesPerEvent: 1 / (lambda * cycle),
  }
}
