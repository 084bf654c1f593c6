/** The values that scenarios give to options that nobody else gave, as texts that a user could write. */
import { formatAudience } from '../model/audience.ts'
import { formatDuration, formatRate } from '../model/quantity.ts'
import type { Scenario } from '../model/workload.ts'
import { type ScenarioName, scenarios } from '../scenarios/index.ts'
import { aboutOf } from './left-out.ts'
import type { ReadOptions } from './options.ts'
import { usualAudience } from './plan.ts'

/** What the scenarios of a run give to one option. */
export interface ScenarioValue {
  readonly value: string
  /** The scenarios that give it, e.g. `scenario steady`. */
  readonly from: string
}

/**
 * What the scenarios give to an option; null where a scenario says nothing of it.
 * @param options all that was given, which scale an audience and say whose server is measured
 */
export function scenarioValue(name: keyof ReadOptions, options: ReadOptions): ScenarioValue | null {
  const given = options.scenario.flatMap(scenario => {
    const value = valuesOf(scenario, options)[name]
    return value === undefined ? [] : { scenario, value }
  })
  const [first] = given
  if (first === undefined) return null
  const value = given.every(each => each.value === first.value)
    ? first.value
    : given.map(each => `${each.value} (${each.scenario})`).join(', ')
  const from = given.map(({ scenario }) => scenario).join(', ')
  return { value, from: `${given.length === 1 ? 'scenario' : 'scenarios'} ${from}` }
}

function valuesOf(name: ScenarioName, options: ReadOptions): Partial<Record<keyof ReadOptions, string>> {
  const scenario: Scenario = scenarios[name]
  const { workload, settings = {}, faults = [], backoffs = [workload.backoff.name] } = scenario
  const foreign = options.target !== undefined || options.server.length > 0
  const set = Object.entries(settings).flatMap(([technique, values]) =>
    Object.entries(values).map(([setting, value]) => `${technique}.${setting}=${value}`),
  )
  return {
    ...(!foreign && { technique: techniquesOf(name, scenario) }),
    ...(set.length > 0 && { set: set.join(', ') }),
    clients: String(workload.clients),
    rate: formatRate(workload.ratePerSecond),
    arrivals: workload.arrivals,
    audience: formatAudience(usualAudience(options, scenario, foreign)),
    payload: String(workload.payloadBytes),
    duration: formatDuration(workload.duration),
    warmup: formatDuration(workload.warmup),
    headers: workload.headers,
    log: String(workload.logEvents),
    delivery: workload.delivery,
    pagesPerSession: String(workload.pagesPerSession),
    backendPoll: formatDuration(workload.backendPoll),
    ...(faults.length > 0 && { fault: faults.join(', ') }),
    backoff: backoffs.join(', '),
  }
}

const techniquesOf = (name: ScenarioName, { techniques, usualTechniques = techniques }: Scenario): string =>
  usualTechniques === undefined
    ? 'all'
    : aboutOf(name)
        .filter(technique => usualTechniques.includes(technique))
        .join(', ')
