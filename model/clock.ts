/**
 * The one clock of a run. `process.hrtime` reads CLOCK_MONOTONIC, which all processes of a Linux host share;
 * `performance.now()` counts from each process's own start and wall clocks jump, so neither is ever compared.
 */
import type { Instant } from './units.ts'

/** Reads the instant now, in microseconds since the run's origin. */
export type Clock = () => Instant

/** The origin of a run as text, because JSON has no 64-bit integers. */
export type Origin = string & { readonly unit: 'ns of CLOCK_MONOTONIC' }

/** Fixes the origin of a run at this moment. */
export const originNow = (): Origin => process.hrtime.bigint().toString() as Origin

/** A clock that counts from `origin`, whichever process of this host fixed it. */
export function clockFrom(origin: Origin): Clock {
  const zero = BigInt(origin)
  // Subtracting before the conversion keeps nanoseconds exact however long the machine has been up.
  return () => (Number(process.hrtime.bigint() - zero) / 1_000) as Instant
}
