/**
 * This folder holds the statistics of comparisons and histories: numbers in, numbers out. It imports nothing from the
 * project, and every folder above may import it.
 *
 * Where in a history did the level change? E-divisive means (Matteson and James, A nonparametric approach for
 * multiple change point analysis, JASA 2014), which MongoDB (Daly et al., ICPE 2020) and Apache Otava use for
 * performance histories: the best cut is the one that puts the largest energy distance between what lies before and
 * after it; a permutation test says whether chance cuts as well; each part is then cut in turn. No distribution is
 * assumed, only that the order does not matter where nothing changed. Slow drift therefore shows as one or more
 * steps.
 *
 * A history without a change is marked at the rate of the level, 1 %: simulated in 0.9 % of histories of 12 values,
 * 1.2 % of 20 and 0.7 % of 40. A step of three standard deviations, five values before the end, is found in 56 % of
 * histories of 12 values, 77 % of 20 and 87 % of 40. The cost grows with the square of the length: 300 values take
 * about a second.
 */
import type { Random } from '../model/random.ts'
import { randomFor } from '../model/random.ts'
import { median } from './order-statistics.ts'

/** From `index` on, the values are of another level. */
export interface ChangePoint {
  readonly index: number
  /** Median from the change point before to this one. */
  readonly before: number
  /** Median from this one to the next. */
  readonly after: number
  /** Of the permutation test; at least 1 / (permutations + 1). */
  readonly p: number
}

/** The fewest values between two change points: two in a row may be one busy hour. */
const fewest = 3
/** The orders tried for each cut, at least; more where a stricter level takes more. */
const fewestOrders = 999

/** Sums in another order round otherwise, which must not make one of two equal cuts the better. */
const rounding = 1e-9

interface Plan {
  readonly level: number
  readonly permutations: number
  readonly random: Random
}

/**
 * Marks the change points of a history.
 * @param values one of each commit, in their order, e.g. the median of its runs; an infinite one counts as twice the
 * largest finite one
 * @param level a cut is a change point when chance cuts as well this rarely
 * @returns in order; none where the history is too short to be sure of any (at 1 % about 9 values)
 */
export function changePoints(values: readonly number[], level = 0.01): ChangePoint[] {
  const permutations = Math.max(fewestOrders, Math.ceil(2 / level))
  // A fixed seed: the same values give the same points.
  const random = randomFor(1, 'change-points', values.length)
  const cuts = cutsWithin(values, 0, values.length, { level, permutations, random })
  return cuts.map(({ index, p }, place) => ({
    index,
    before: median(values.slice(cuts[place - 1]?.index ?? 0, index)),
    after: median(values.slice(index, cuts[place + 1]?.index)),
    p,
  }))
}

/**
 * The fewest values of which any can be a change point at a level. Of two clearly different halves, the orders that keep
 * each half together cut as well: 2 of all ways to choose one.
 */
export function fewestForChange(level: number): number {
  let [count, choices] = [2 * fewest, 20]
  while (2 / choices > level) {
    count++
    // From n over floor(n/2) to the next.
    choices *= count / Math.ceil(count / 2)
  }
  return count
}

type Cut = Pick<ChangePoint, 'index' | 'p'>

function cutsWithin(values: readonly number[], from: number, to: number, plan: Plan): Cut[] {
  const part = values.slice(from, to)
  if (part.length < 2 * fewest) return []
  const distances = new Distances(part)
  const order = part.map((_, index) => index)
  const best = distances.bestCut(order)
  const p = chanceOf(best.energy, distances, order, plan)
  if (p > plan.level) return []
  const index = from + best.at
  return [...cutsWithin(values, from, index, plan), { index, p }, ...cutsWithin(values, index, to, plan)]
}

/** The share of orders, the one at hand among them, whose best cut is as good. Stops once it is too large. */
function chanceOf(energy: number, distances: Distances, order: number[], plan: Plan): number {
  const { permutations, level, random } = plan
  let asGood = 1
  for (let tried = 1; tried <= permutations; tried++) {
    shuffle(order, random)
    if (distances.bestCut(order).energy >= energy * (1 - rounding)) asGood++
    if (asGood > level * (permutations + 1)) return asGood / (tried + 1)
  }
  return asGood / (permutations + 1)
}

/** Fisher and Yates, in place. */
function shuffle(order: number[], random: Random): void {
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1))
    const moved = order[last] ?? 0
    order[last] = order[other] ?? 0
    order[other] = moved
  }
}

/** The pairwise distances of some values, and the best cut of them in any order. */
class Distances {
  readonly #values: readonly number[]
  /** For each value in its order, the sums of its distances to the first 0, 1, 2, ... values. */
  readonly #sums: Float64Array

  constructor(values: readonly number[]) {
    const farthest = 2 * Math.max(0, ...values.filter(Number.isFinite))
    this.#values = values.map(value => Math.min(value, farthest || 1))
    this.#sums = new Float64Array(values.length * (values.length + 1))
  }

  /**
   * The cut with the largest energy distance between all before it and what follows it, up to any end: a level that
   * comes back is a change too. Each side has at least {@link fewest} values.
   */
  bestCut(order: readonly number[]): { at: number; energy: number } {
    this.#sumUp(order)
    const sums = this.#sums
    const [count, width] = [order.length, order.length + 1]
    let best = { at: fewest, energy: Number.NEGATIVE_INFINITY }
    let before = 0
    for (let at = 1; at <= count - fewest; at++) {
      before += sums[(at - 1) * width + at - 1] ?? 0
      if (at < fewest) continue
      let [across, after] = [0, 0]
      for (let last = at; last < count; last++) {
        const toBefore = sums[last * width + at] ?? 0
        across += toBefore
        after += (sums[last * width + last] ?? 0) - toBefore
        if (last + 1 - at < fewest) continue
        const energy = energyDistance(before, across, after, at, last + 1 - at)
        if (energy > best.energy * (1 + rounding)) best = { at, energy }
      }
    }
    return best
  }

  #sumUp(order: readonly number[]): void {
    const width = order.length + 1
    for (let row = 0; row < order.length; row++) {
      const value = this.#values[order[row] ?? 0] ?? 0
      let sum = 0
      for (let column = 0; column < order.length; column++) {
        sum += Math.abs(value - (this.#values[order[column] ?? 0] ?? 0))
        this.#sums[row * width + column + 1] = sum
      }
    }
  }
}

/** The scaled energy distance of Matteson and James, eq. 5 and 6, exponent 1, from sums over pairs. */
function energyDistance(before: number, across: number, after: number, m: number, n: number): number {
  const within = (sum: number, count: number): number => (2 * sum) / (count * (count - 1))
  return ((m * n) / (m + n)) * ((2 * across) / (m * n) - within(before, m) - within(after, n))
}
