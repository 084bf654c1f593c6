/**
 * This folder is the vocabulary: units, events, schedules, settings, the contracts of a technique, closed forms. It
 * holds no process and no socket and imports nothing from the project; every other folder may import it.
 *
 * The units that every stored number carries. One stored unit per quantity (microseconds, bytes,
 * events per second); display units exist only in `reports/`, reading of text only in `quantity.ts`.
 */

/** A length of time in microseconds. May be fractional; never negative unless a docstring says so. */
export type Micros = number & { readonly unit: 'us' }

/** A moment on the monotonic clock shared by all processes of one run, in microseconds since the run's origin. */
export type Instant = number & { readonly unit: 'us since run origin' }

/** Brands a plain number of microseconds as a duration. */
export const micros = (value: number): Micros => value as Micros

/** A duration from milliseconds. */
export const milliseconds = (value: number): Micros => (value * 1_000) as Micros

/** A duration from seconds. */
export const seconds = (value: number): Micros => (value * 1_000_000) as Micros

/** Brands a plain number of microseconds since the run's origin as an instant. */
export const instant = (value: number): Instant => value as Instant

/** The instant `delay` after (or, when negative, before) `at`. */
export const after = (at: Instant, delay: Micros): Instant => (at + delay) as Instant

/** The duration from `from` to `to`; negative when `to` lies earlier. */
export const elapsed = (from: Instant, to: Instant): Micros => (to - from) as Micros

/** A duration as the milliseconds that Node's timers take. */
export const toMilliseconds = (value: Micros): number => value / 1_000
