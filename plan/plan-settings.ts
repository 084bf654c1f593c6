/** Technique settings as flags and scenarios write them: read, checked, and assigned to what is measured. */

import type { Settings, SettingValue } from '../model/settings.ts'
import type { Subject } from '../model/subject.ts'
import { UsageError, unknownName } from '../model/usage-error.ts'
import type { Scenario } from '../model/workload.ts'
import type { Technique } from '../servers/index.ts'
import { isTechnique, pairOf, techniques } from './plan-subjects.ts'

/** The settings of both adapters of what is measured. */
export const settingsOfPair = ({ server, client }: Pick<Subject, 'server' | 'client'>): Settings => ({
  ...server.settings,
  ...client.settings,
})

type Values = Record<string, SettingValue>

/**
 * Reads `<technique>.<setting>=<value>` texts for each of the subjects; of several of one technique, those take a
 * setting that declare it.
 * @throws {UsageError} for a text that none of them takes: a setting of what is not measured is a mistake
 */
export function settingsFor(texts: readonly string[], subjects: readonly Subject[]): Map<Subject, Values> {
  const values = new Map<Subject, Values>()
  for (const text of texts) {
    const match = /^([^.=]+)\.([^.=]+)=(.*)$/s.exec(text)
    if (match === null)
      throw new UsageError(
        `--set: "${text}" is not <technique>.<setting>=<value>, e.g. polling.interval=500ms`,
      )
    const [, technique = '', name = '', value = ''] = match
    if (!isTechnique(technique))
      throw new UsageError(`--set: ${unknownName('technique', technique, techniques)}`)
    const measured = subjects.filter(subject => subject.technique === technique)
    if (measured.length === 0)
      throw new UsageError(
        `--set: ${text} sets ${technique}, which is not measured: add it to the techniques, or leave this out`,
      )
    const takers = measured.filter(subject => name in settingsOfPair(subject))
    if (takers.length === 0) {
      const known = measured.flatMap(subject => Object.keys(settingsOfPair(subject)))
      throw new UsageError(`--set: ${unknownName(`setting of ${technique}`, name, [...new Set(known)])}`)
    }
    for (const taker of takers) values.set(taker, { ...values.get(taker), [name]: read(taker, name, value) })
  }
  return values
}

/** Reads the texts for built-in techniques alone. @throws {UsageError} as {@link settingsFor} */
export function readSettings(texts: readonly string[], chosen: readonly Technique[]): Map<Technique, Values> {
  const pairs = new Map(chosen.map(technique => [technique, pairOf(technique)]))
  const values = settingsFor(texts, [...pairs.values()])
  return new Map([...pairs].map(([technique, pair]) => [technique, values.get(pair) ?? {}]))
}

/** The settings that a scenario gives to what is measured in it, as far as each declares them. */
export function scenarioSettings({ settings = {} }: Scenario, subject: Subject): Values {
  const declared = settingsOfPair(subject)
  const own = Object.entries(settings[subject.technique] ?? {}).filter(([name]) => name in declared)
  return Object.fromEntries(own.map(([name, value]) => [name, read(subject, name, value)]))
}

function read(subject: Subject, name: string, text: string): SettingValue {
  const parsed = settingsOfPair(subject)[name]?.parse(text)
  if (parsed === undefined) throw new RangeError(`${subject.technique} declares no setting ${name}`)
  if ('problem' in parsed) throw new UsageError(`--set ${subject.technique}.${name}: ${parsed.problem}`)
  return parsed.value
}
