/**
 * Seeded randomness. Every random choice of a run comes from its seed and a label, so that two runs of one
 * seed make the same choices, and drawing more for one purpose never shifts another.
 */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** Draws the next number, uniform in [0, 1). */
export type Random = () => number

/**
 * A separate stream of random numbers for one purpose.
 * @param seed the run's seed
 * @param labels what the numbers are for, e.g. `'phase', clientIndex`
 */
export function randomFor(seed: number, ...labels: readonly (string | number)[]): Random {
  const generator = xoroshiro128plus(hash(`${seed}/${labels.join('/')}`))
  return () => uniformFloat64(generator)
}

/** An exponentially distributed number of the given mean: the gap between two events of a Poisson process. */
export function exponential(random: Random, mean: number): number {
  return -Math.log(1 - random()) * mean
}

/** The items in random order (Fisher and Yates); the given ones stay as they are. */
export function shuffled<T>(items: readonly T[], random: Random): T[] {
  const order = [...items]
  for (let last = order.length - 1; last > 0; last--) {
    const at = Math.floor(random() * (last + 1))
    const [a, b] = [order[last] as T, order[at] as T]
    order[last] = b
    order[at] = a
  }
  return order
}

/**
 * The seed of a repetition, so that series of neighbouring seeds share no repetition but by a chance of one in four
 * thousand million. The first takes the seed itself: one run with the seed that any run recorded is that run again.
 * @param run from 1
 */
export const repetitionSeed = (seed: number, run: number): number =>
  run === 1 ? seed : hash(`${seed}/repetition/${run}`) >>> 0

/** FNV-1a, 32 bits, with a final mix so that neighbouring labels give unrelated seeds. */
function hash(text: string): number {
  let state = 0x811c9dc5
  for (let index = 0; index < text.length; index++) {
    state = Math.imul(state ^ text.charCodeAt(index), 0x01000193)
  }
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b)
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35)
  return (state ^ (state >>> 16)) | 0
}
