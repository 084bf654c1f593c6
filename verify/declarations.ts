/** What a pair declares about itself. A case decides by these declarations alone whether and how it applies. */

import type { SettingValue } from '../model/settings.ts'
import { defaults, type Settings } from '../model/settings.ts'
import { type Micros, micros } from '../model/units.ts'
import type { VerifiedPair } from './pair.ts'

/** Values of settings by name. */
export type SettingValues = Readonly<Record<string, SettingValue>>

/** The settings of one adapter of a pair. */
interface Adapter {
  readonly settings: Settings
  readonly verifySettings?: Readonly<Record<string, SettingValue | undefined>>
}

/** The values for an adapter: its defaults, its values for verification, and the caller's values. */
export function valuesOf(adapter: Adapter, wanted: SettingValues = {}): Record<string, SettingValue> {
  const values: Record<string, SettingValue> = { ...defaults(adapter.settings) }
  for (const name of Object.keys(values)) {
    const value = wanted[name] ?? adapter.verifySettings?.[name]
    if (value !== undefined) values[name] = value
  }
  return values
}

/** The longest silence of a live connection that the client declares; null where silence does not mean a loss. */
export const silenceOf = ({ client }: VerifiedPair, wanted?: SettingValues): Micros | null =>
  client.silence?.(valuesOf(client, wanted)) ?? null

/**
 * The longest silence of the server by its declaration: until its heartbeat or the end of a hold, whichever comes
 * first; 0 where it declares neither. A stream that is renewed after the end of its lifetime shows no longer silence.
 */
export function shownSilence({ server }: VerifiedPair, wanted?: SettingValues): Micros {
  const values = valuesOf(server, wanted)
  const ends = [server.heartbeat?.(values) ?? 0, server.hold?.(values) ?? 0].filter(end => end > 0)
  return micros(ends.length === 0 ? 0 : Math.min(...ends))
}

/**
 * Values with which a connection is silent for at most `length`, where a setting decides that: the durations that
 * shorten the silence that the client declares when they are shorter, such as a heartbeat, a hold or an interval.
 */
export function shortSilence(pair: VerifiedPair, length: Micros): SettingValues {
  const longest = silenceOf(pair) ?? Number.POSITIVE_INFINITY
  const present = valuesOf(pair.client)
  const shortening = Object.entries(pair.client.settings).filter(([name, { form }]) => {
    if (form !== 'duration' || Number(present[name]) <= length) return false
    return (silenceOf(pair, { [name]: length }) ?? Number.POSITIVE_INFINITY) < longest
  })
  return Object.fromEntries(shortening.map(([name]) => [name, length]))
}
