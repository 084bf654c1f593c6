/** Reads `Retry-After` of a response: how long the client is to wait (RFC 9110 section 10.2.3). */
import { type Micros, milliseconds, seconds } from '../../model/units.ts'

/**
 * The wait that a `Retry-After` asks for, given in seconds or as a date; a date that has passed asks for no wait.
 * @param now milliseconds since 1970, for a date
 * @returns null for a value that is neither
 */
export function parseRetryAfter(value: string, now: number): Micros | null {
  if (/^\d{1,9}$/.test(value)) return seconds(Number(value))
  // The three forms of section 5.6.7; the last of them, of asctime(), is in GMT without saying so.
  const at = /^[A-Z][a-z]{2,8},? [\w -]+ \d\d:\d\d:\d\d( \w+)?$/.test(value)
    ? Date.parse(value.replace(/(?<! GMT)$/, ' GMT'))
    : Number.NaN
  return Number.isNaN(at) ? null : milliseconds(Math.max(0, at - now))
}
