/**
 * What theory predicts for a setting (docs/method.md section 3). The closed forms come from renewal processes:
 * events arrive as a Poisson process, and requests or connections that can carry them come and go in cycles.
 */

import type { Delivery } from './delivery.ts'
import { type Micros, micros } from './units.ts'

/** What a closed form says; null where it says nothing. */
export interface Prediction {
  /** The form and what was put into it, in words. */
  formula: string
  /** Mean of the re-arm gap r, or of the time between requests, that was put in; microseconds. */
  gapMicros: number | null
  /** The hold H or the lifetime S that was put in; microseconds. */
  holdMicros: number | null
  /** Mean time that an event waits in the server for what can carry it; microseconds. */
  waitMeanMicros: number | null
  /** Share of responses without an event, 0 to 1. */
  emptyRatio: number | null
  responsesPerEvent: number | null
  /** Share of the writes of a stream that are heartbeats, 0 to 1. */
  heartbeatRatio: number | null
  /** Share of the events that are not overtaken before they can be delivered, 0 to 1. */
  deliveredShare: number | null
}

/** What closed forms are computed from, besides the settings. */
export interface PredictionInputs {
  /** Events per second that reach one client; above 0. */
  readonly ratePerSecond: number
  readonly arrivals: 'poisson' | 'periodic'
  readonly delivery: Delivery
  /** How long the server holds an idle request; null where the forms do not cover its settings. */
  readonly hold: Micros | null
  /** The re-arm gaps that the server saw; null when it saw none. */
  readonly gaps: GapMoments | null
}

/** What the forms need to know of a random gap r. */
export interface GapMoments {
  /** E[r], in microseconds. */
  readonly mean: Micros
  /** E[r^2], in microseconds squared. */
  readonly meanSquare: number
  /** E[exp(-lambda r)], lambda the event rate. */
  readonly quiet: number
}

/** A gap that is always the same. */
export function constantGap(gap: Micros, ratePerSecond: number): GapMoments {
  return { mean: gap, meanSquare: gap ** 2, quiet: Math.exp((-ratePerSecond / 1_000_000) * gap) }
}

/** A share that no figure shows: quantiles carry a resolution of 0.1 %. */
export const negligible = 0.001

/** All but a negligible share of the gaps of a Poisson process are shorter. @param mean of the gaps */
export const likelyLongest = (mean: Micros): Micros => micros(-Math.log(negligible) * mean)

const silent: Omit<Prediction, 'formula'> = {
  gapMicros: null,
  holdMicros: null,
  waitMeanMicros: null,
  emptyRatio: null,
  responsesPerEvent: null,
  heartbeatRatio: null,
  deliveredShare: null,
}

/** A prediction of some of the figures. */
export const prediction = <F extends Partial<Omit<Prediction, 'formula'>>>(
  formula: string,
  figures: F,
): Prediction & F => ({
  formula,
  ...silent,
  ...figures,
})

/**
 * A request is armed for at most a hold H, and a gap r lies between two armed requests; a response takes all
 * events in the log. With lambda the event rate and r constant:
 *
 *     p0    = exp(-lambda r)                                 no event while no request is armed
 *     cycle = r + p0 (1 - exp(-lambda H)) / lambda
 *     f_gap = lambda r / (lambda r + p0 (1 - exp(-lambda H)))
 *     E[W]  = f_gap r / 2                                    an event in the gap waits Uniform(0, r)
 *     empty = exp(-lambda (r + H))
 *
 * For a random r the same argument gives p0 = E[exp(-lambda r)], and E[r^2] / 2 in the place of r^2 / 2. With
 * H = 0 this is polling with cycle r: E[W] = E[r^2] / (2 E[r]), empty = E[exp(-lambda r)].
 */
export function requestCycle(basis: string, ratePerSecond: number, gap: GapMoments, hold: Micros) {
  const lambda = ratePerSecond / 1_000_000
  const answered = gap.quiet * -Math.expm1(-lambda * hold)
  const cycle = gap.mean + answered / lambda
  return prediction(`renewal cycle at ${ratePerSecond} events/s with re-arm gap r and hold H; ${basis}`, {
    gapMicros: gap.mean,
    holdMicros: hold,
    waitMeanMicros: (lambda * gap.meanSquare) / 2 / (lambda * gap.mean + answered),
    emptyRatio: gap.quiet * Math.exp(-lambda * hold),
    responsesPerEvent: 1 / (lambda * cycle),
  })
}

/**
 * Periodic events of period P met by a timer of interval T <= P at a random phase: empty = 1 - T / P, and an event
 * waits Uniform(0, T) over many clients. Beyond P every answer has an event.
 */
export function periodicTimer(ratePerSecond: number, interval: Micros): Prediction {
  const period = 1_000_000 / ratePerSecond
  return prediction(
    `periodic events every ${period / 1_000} ms and a timer of ${interval / 1_000} ms at random phases`,
    {
      gapMicros: interval,
      holdMicros: 0,
      waitMeanMicros: interval / 2,
      emptyRatio: Math.max(0, 1 - interval / period),
      responsesPerEvent: period / interval,
    },
  )
}

/**
 * A timer of interval T on a conflating store: a poll is given the newest event since the last poll, if any. With
 * x = lambda T for Poisson events, P the period of periodic ones:
 *
 *     received share = (1 - e^-x) / x,                        min(1, P / T)
 *     E[W]           = (1 - e^-x (1 + x)) / (lambda (1 - e^-x)),  min(P, T) / 2      age of the newest event
 *     empty          = e^-x,                                  max(0, 1 - T / P)
 *     responses per delivered event = 1 / (1 - empty)
 */
export function conflatedTimer(
  ratePerSecond: number,
  arrivals: 'poisson' | 'periodic',
  interval: Micros,
): Prediction {
  const lambda = ratePerSecond / 1_000_000
  const x = lambda * interval
  const some = arrivals === 'poisson' ? -Math.expm1(-x) : Math.min(1, x)
  return prediction(
    `a timer of ${interval / 1_000} ms on a store that keeps the newest of ${ratePerSecond} ${arrivals} events/s`,
    {
      gapMicros: interval,
      holdMicros: 0,
      waitMeanMicros:
        arrivals === 'poisson'
          ? (1 - Math.exp(-x) * (1 + x)) / (lambda * some)
          : Math.min(interval, 1 / lambda) / 2,
      emptyRatio: 1 - some,
      responsesPerEvent: 1 / some,
      deliveredShare: some / x,
    },
  )
}

/**
 * Events ride on a user's actions, Poisson with rate mu, and on a fall-back poll after T idle. A cycle is
 * C = min(Exponential(mu), T):
 *
 *     E[W]  = E[C^2] / (2 E[C]) = (1 - e^-x (1 + x)) / (mu (1 - e^-x)),   x = mu T;   1 / mu without a fall-back
 *     empty = E[exp(-lambda C)] = (mu + lambda e^-(mu + lambda) T) / (mu + lambda)
 */
export function ridingOnActions(
  ratePerSecond: number,
  meanAction: Micros,
  fallback: Micros | null,
): Prediction {
  const lambda = ratePerSecond / 1_000_000
  const mu = 1 / meanAction
  const x = fallback === null ? Number.POSITIVE_INFINITY : mu * fallback
  const none = Math.exp(-x)
  const noneAndQuiet = fallback === null ? 0 : Math.exp(-(mu + lambda) * fallback)
  const cycle = (1 - none) / mu
  return prediction(
    `user actions as a Poisson process${fallback === null ? '' : ' with a fall-back poll'}: W = C^2 / 2C of the time between requests C`,
    {
      gapMicros: micros(cycle),
      waitMeanMicros: (1 - (none === 0 ? 0 : none * (1 + x))) / (mu * (1 - none)),
      emptyRatio: (mu + lambda * noneAndQuiet) / (mu + lambda),
      responsesPerEvent: 1 / (lambda * cycle),
    },
  )
}

/** A stream that is ended after a lifetime S and opened again a gap r later: E[W] = E[r^2] / (2 (S + E[r])). */
export function renewedStream(basis: string, gap: GapMoments, lifetime: Micros): Prediction {
  return prediction(`a stream renewed after its lifetime S, with re-arm gap r; ${basis}`, {
    gapMicros: gap.mean,
    holdMicros: lifetime,
    waitMeanMicros: gap.meanSquare / (2 * (lifetime + gap.mean)),
  })
}

/**
 * Heartbeats after each silence of length h, which an event ends: of the writes of a stream, the share
 * exp(-lambda h) are heartbeats.
 */
export const heartbeatShare = (ratePerSecond: number, heartbeat: Micros): number =>
  Math.exp((-ratePerSecond / 1_000_000) * heartbeat)
