/** Seeded samples of the distributions that runs have in practice. */
import { type Random, randomFor } from '../../model/random.ts'

/** One standard normal number (Box and Muller, 1958). */
export const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

/** The factor by which one run differs from the typical one. `cv` is about the coefficient of variation. */
export type Noise = (random: Random, cv: number) => number

/** Shapes of noise, by name. */
export const noises = {
  normal: (random, cv) => Math.max(0.05, 1 + cv * normal(random)),
  'log-normal': (random, cv) => Math.exp(cv * normal(random)),
  // A CPU that boosts or not: one run in three is slower by twice the cv.
  bimodal: (random, cv) => (1 + (random() < 1 / 3 ? 2 * cv : 0)) * (1 + 0.3 * cv * normal(random)),
} as const satisfies Record<string, Noise>

/** Draws samples for one purpose. */
export const drawing = (...labels: readonly (string | number)[]): Random => randomFor(2026, ...labels)

/** So many factors of one shape. */
export const sampleOf = (noise: Noise, random: Random, cv: number, count: number): number[] =>
  Array.from({ length: count }, () => noise(random, cv))
