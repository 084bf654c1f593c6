/**
 * The link between fleet and server: the delays and limits that loopback does not have. Fields are independent and
 * combine freely. A workload without a link (null) connects its clients straight to the server; one with a link, even a
 * plain one, goes through the relay (`relay.ts`).
 */

import { type Parsed, parseSize } from './quantity.ts'
import { type Micros, micros, seconds } from './units.ts'

/** What stands between a client and its server. */
export interface Link {
  /** Round-trip time, half of it each way; 0 adds none. */
  readonly rtt: Micros
  /** Each segment takes up to this much longer one way, uniformly; none overtakes another. 0 adds none. */
  readonly jitter: Micros
  /** Bits per second of application bytes, for each connection and direction; null is without a limit. */
  readonly bandwidth: number | null
  /**
   * Bytes of a response's body that are gathered before they pass, 1 to {@link largestBuffer}; `until-end`
   * gathers until the response has ended. null passes them as they come.
   */
  readonly buffer: number | 'until-end' | null
  /** Response bodies are split again into HTTP chunks, or writes, of at most this many bytes; null leaves them. */
  readonly rechunk: number | null
  /** A connection that carried nothing for this time is closed, as proxies do; null closes none. */
  readonly idleCut: Micros | null
}

/** A link that does nothing to what passes it: the control that shows what the relay itself adds. */
export const plainLink: Link = {
  rtt: micros(0),
  jitter: micros(0),
  bandwidth: null,
  buffer: null,
  rechunk: null,
  idleCut: null,
}

/** Also the most that `until-end` holds of one response: a proxy with a full buffer passes on what it has. */
export const largestBuffer = 4 * 1024 * 1024

/** Fields that were asked for; undefined leaves a field as it was. */
export type LinkChanges = { readonly [K in keyof Link]?: Link[K] | undefined }

/** A scenario's link with changes in it: null when there was none and nothing is asked for. */
export function linkWith(usual: Link | null, changes: LinkChanges): Link | null {
  const asked = Object.entries(changes).filter(([, value]) => value !== undefined)
  return asked.length === 0 ? usual : { ...(usual ?? plainLink), ...Object.fromEntries(asked) }
}

/** Reads `4KiB` or `until-end`. */
export function parseBuffer(text: string): Parsed<number | 'until-end'> {
  if (text === 'until-end') return { value: text }
  const parsed = parseSize(text)
  if ('value' in parsed && parsed.value >= 1 && parsed.value <= largestBuffer) return parsed
  return {
    problem: `"${text}" is not a buffer: write a size from 1 to ${largestBuffer / 1_048_576}MiB like 4KiB, or until-end`,
  }
}

/** Lets `none` take back what a scenario or a configuration file has set. */
export const orNone =
  <T>(parse: (text: string) => Parsed<T>) =>
  (text: string): Parsed<T | null> =>
    text === 'none' ? { value: null } : parse(text)

/** From the moment a server answers until its client has the whole answer: the drain must be at least this long. */
export const longestTransit = (link: Link | null): Micros =>
  micros(link === null ? 0 : 2 * (link.rtt + 2 * link.jitter))

/**
 * How long the bytes that a buffer still holds at the end may take to reach their clients; null without a buffer.
 */
export function releaseTime(link: Link | null): Micros | null {
  if (link === null || link.buffer === null) return null
  const held = link.buffer === 'until-end' ? largestBuffer : link.buffer
  const line = link.bandwidth === null ? 0 : (held * 8_000_000) / link.bandwidth
  return micros(seconds(1) + longestTransit(link) + line)
}
