/**
 * How many runs decide what, by the large-sample theory of the rank-sum test, from the noise
 * between the runs of one series (see {@link shamos}). Estimates, good to a few runs; real noise is not normal.
 */
import { criticalU, runsToReach, smallestP } from './mann-whitney.ts'
import { upperQuantile, upperTail } from './normal.ts'

/** Beyond this, "run it more often" is not useful advice. */
export const mostRuns = 200

/** What is asked of a comparison. */
export interface Demand {
  /** The family-wise level, e.g. 0.05. */
  readonly level: number
  /** How many hypotheses share the level. */
  readonly family: number
  /** The coverage of intervals, e.g. 0.95. */
  readonly confidence: number
}

/** The level and the coverage of every comparison. */
export const usualDemand = { level: 0.05, confidence: 0.95 } as const

/** The chance with which an effect of the stated size is found. */
const power = 0.8
const powerQuantile = upperQuantile(1 - power)

/** Standard error of the Hodges-Lehmann shift between two samples of n normal values of standard deviation 1. */
const shiftError = (runs: number): number => Math.sqrt(Math.PI / 3) * Math.sqrt(2 / runs)

/** True where samples of these sizes can never differ at the level, however far apart they lie. */
export const isTooFew = (base: number, head: number, { level, family }: Demand): boolean =>
  smallestP(base, head) > level / Math.max(1, family)

/** The fewest runs a side that can show any difference within the family. */
export const fewestRuns = ({ level, family }: Demand): number => runsToReach(level / Math.max(1, family))

/** What numbers of runs find, at one demand. */
export class Power {
  readonly #demand: Demand
  readonly #standardEffects = new Map<number, number | null>()

  constructor(demand: Demand) {
    this.#demand = demand
  }

  /**
   * The smallest effect that `runs` a side call significant, with a chance of {@link power}; in the unit of
   * `noise`. Null where they are too few to call any.
   */
  detectable(noise: number, runs: number): number | null {
    const known = this.#standardEffects.get(runs)
    const effect = known === undefined ? standardEffect(runs, this.#demand) : known
    this.#standardEffects.set(runs, effect)
    return effect === null ? null : noise * effect
  }

  /** The fewest runs a side, from `least` on, that find `effect` with a chance of {@link power}; null above {@link mostRuns}. */
  runsToFind(noise: number, effect: number, least: number): number | null {
    return fewest(least, runs => (this.detectable(noise, runs) ?? Number.POSITIVE_INFINITY) <= effect)
  }

  /** The same for an interval that reaches no farther than `margin` from the true effect. */
  runsToExclude(noise: number, margin: number, least: number): number | null {
    const reach = upperQuantile((1 - this.#demand.confidence) / 2) + powerQuantile
    return fewest(least, runs => noise * shiftError(runs) * reach <= margin)
  }

  /**
   * The fewest runs a side that find an effect of `minimum` significant and show its absence, each with a chance
   * of {@link power}; null above {@link mostRuns}.
   */
  recommendedRuns(noise: number, minimum: number): number | null {
    const found = this.runsToFind(noise, minimum, fewestRuns(this.#demand))
    return found === null ? null : this.runsToExclude(noise, minimum, found)
  }
}

function fewest(least: number, isEnough: (runs: number) => boolean): number | null {
  for (let runs = least; runs <= mostRuns; runs++) if (isEnough(runs)) return runs
  return null
}

/**
 * The shift of a normal distribution, in its standard deviations, at which U falls to its exact critical value with
 * a chance of {@link power}. Its mean is that of P(X > Y); its spread shrinks as the samples part, about as that
 * of a binomial share does (Noether, Sample size determination for some common nonparametric tests, 1987, takes it
 * as constant, which asks for too many runs where the level is strict).
 */
function standardEffect(runs: number, { level, family }: Demand): number | null {
  const critical = criticalU(runs, runs, level / Math.max(1, family) / 2)
  if (critical < 0) return null
  const spread = Math.sqrt((runs * runs * (2 * runs + 1)) / 12)
  const reached = (share: number): number =>
    share * runs * runs + powerQuantile * spread * 2 * Math.sqrt(share * (1 - share))
  let [low, high] = [0, 20]
  while (high - low > 1e-6) {
    const shift = (low + high) / 2
    if (reached(upperTail(shift / Math.SQRT2)) > critical + 0.5) low = shift
    else high = shift
  }
  return high
}
