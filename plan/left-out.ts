/** What was asked for by name and is not measured everywhere: a scenario or a fault is not about every technique. */
import type { Scenario } from '../model/workload.ts'
import { type ScenarioName, scenarios } from '../scenarios/index.ts'
import type { Technique } from '../servers/index.ts'
import { type ReadOptions, type RunOptions, readOptions } from './options.ts'
import { refusalsOf } from './plan-faults.ts'
import { pairOf, techniques } from './plan-subjects.ts'

/** The techniques that a scenario is about. */
export const aboutOf = (name: ScenarioName): readonly Technique[] => {
  const { techniques: about }: Scenario = scenarios[name]
  return techniques.filter(technique => about?.includes(technique) ?? true)
}

/** The techniques that the options name; none for a server that runs already, whose clients speak what is named. */
export const namedTechniques = ({ technique, target }: ReadOptions): readonly Technique[] =>
  target === undefined ? (technique ?? []) : []

/** Why a technique is not measured in a scenario, or not with some of its faults, a sentence each. */
export function reasonsLeftOut(options: ReadOptions, name: ScenarioName, technique: Technique): string[] {
  const about = aboutOf(name)
  return about.includes(technique)
    ? refusalsOf(options, scenarios[name], pairOf(technique)).map(
        why => `${technique} is not measured with a fault: ${why}`,
      )
    : [`the scenario "${name}" is about ${about.join(', ')} and does not measure ${technique}`]
}

/** A sentence for each combination of what the options name that is not measured. */
export function leftOut(given: RunOptions): string[] {
  const options = readOptions(given)
  return options.scenario.flatMap(name =>
    namedTechniques(options).flatMap(technique => reasonsLeftOut(options, name, technique)),
  )
}
