/**
 * From options to the runs that they ask for. All usage errors are found here, before a process starts. The folder reads
 * options, whether from flags, a file or code, and the registries; `index.ts` of the package and `bin` import it.
 */
import type { PageFleet } from '../measure/messages/page-fleet.ts'
import type { RunPlan } from '../measure/messages/run-plan.ts'
import { type MachineLimits, planLayout, readLimits } from '../measure/run/limits.ts'
import { type Audience, scaledAudience } from '../model/audience.ts'
import { linkWith } from '../model/link.ts'
import { randomFor, repetitionSeed, shuffled } from '../model/random.ts'
import type { Arrivals } from '../model/schedule.ts'
import { can, type Subject } from '../model/subject.ts'
import { micros } from '../model/units.ts'
import { UsageError } from '../model/usage-error.ts'
import type { Layout, Scenario, Workload } from '../model/workload.ts'
import { requireChromium } from '../pages/chromium.ts'
import { deviationOf, hasPage, pageModules, userAgents } from '../pages/index.ts'
import { requestReasons } from '../pages/request-differences.ts'
import { type ScenarioName, scenarios } from '../scenarios/index.ts'
import { aboutOf, namedTechniques, reasonsLeftOut } from './left-out.ts'
import { type ReadOptions, type RunOptions, readOptions } from './options.ts'
import { refusalOf, variantsOf } from './plan-faults.ts'
import { scenarioSettings, settingsFor } from './plan-settings.ts'
import { checkDemands, foreignSubjects, pairOf } from './plan-subjects.ts'

export { readSettings, settingsOfPair } from './plan-settings.ts'
export { isTechnique, pairOf, techniques } from './plan-subjects.ts'

/**
 * The runs that the options ask for, repetition by repetition, so that drift of the machine affects all techniques
 * alike. Repetitions are blocks, each in a random order of its own: what a run leaves behind for the next (a warm
 * cache, ports in TIME_WAIT) then favours no technique.
 * @throws {UsageError} with one sentence
 */
export function planRuns(given: RunOptions): RunPlan[] {
  const options = readOptions(given)
  const foreign = foreignSubjects(options)
  const chosen = new Map(options.scenario.map(name => [name, subjectsOf(options, name, foreign)]))
  const flags = settingsFor(options.set, [...new Set([...chosen.values()].flat())])
  const limits = readLimits()
  const plans: RunPlan[] = []
  for (let run = 1; run <= options.runs; run++) {
    const block: RunPlan[] = []
    for (const scenario of options.scenario) {
      const subjects = chosen.get(scenario) ?? []
      const workload = workloadOf(options, scenarios[scenario], subjects, run)
      checkPages(options, workload, subjects)
      for (const subject of subjects) {
        checkDemands(subject, workload, options)
        for (const variant of variantsOf(options, scenarios[scenario], workload, subject)) {
          block.push({
            ...variant,
            pair: subject,
            settings: { ...scenarioSettings(scenarios[scenario], subject), ...flags.get(subject) },
            scenario,
            pages: pageFleets(options, subject.technique),
            layout: layoutOf(options, variant.workload, subject, limits),
            run,
            runs: options.runs,
            cores: limits.cores,
            // The ceiling of a server is not relevant to a storm.
            ceiling: variant.fault === undefined && can(subject, 'start') ? options.ceiling : micros(0),
          })
        }
      }
    }
    plans.push(...(options.runs > 1 ? shuffled(block, randomFor(options.seed, 'block', run)) : block))
  }
  checkNamed(options, plans)
  return plans
}

/** Whoever names a technique expects a number of it: where no scenario and no fault gives one, nothing starts. */
function checkNamed(options: ReadOptions, plans: readonly RunPlan[]): void {
  const missing = namedTechniques(options).find(name => !plans.some(({ pair }) => pair === pairOf(name)))
  if (missing === undefined) return
  const why = options.scenario.flatMap(name => reasonsLeftOut(options, name, missing))
  throw new UsageError(
    `--technique: ${[...new Set(why)].join('; ')}; leave ${missing} out, or measure it in another run`,
  )
}

/**
 * What is measured in a scenario: the subjects of the options that the scenario is about. With a foreign server,
 * built-in techniques are measured only if they are named as well.
 */
function subjectsOf(options: ReadOptions, name: ScenarioName, foreign: readonly Subject[]): Subject[] {
  const scenario: Scenario = scenarios[name]
  const about = aboutOf(name)
  const usual = about.filter(technique => scenario.usualTechniques?.includes(technique) ?? true)
  const wanted = options.target !== undefined ? [] : (options.technique ?? (foreign.length > 0 ? [] : usual))
  const asked = [...wanted.map(pairOf), ...foreign]
  const chosen = asked.filter(({ technique }) => about.some(each => each === technique))
  const refusals = chosen.map(subject => refusalOf(options, scenario, subject))
  const [refusal] = refusals
  if (refusal != null && refusals.every(each => each !== null)) throw new UsageError(`--fault: ${refusal}`)
  if (chosen.length > 0) return chosen
  throw new UsageError(
    `--technique: the scenario "${name}" is about ${about.join(', ')}; it measures nothing of ${asked.map(({ technique }) => technique).join(', ')}`,
  )
}

function layoutOf(
  { workers }: ReadOptions,
  { clients, link }: Workload,
  subject: Subject,
  limits: MachineLimits,
): Layout {
  const layout = planLayout(clients, workers, limits, link !== null)
  if ('problem' in layout) throw new UsageError(layout.problem)
  if (layout.servers > 1 && !can(subject, 'start'))
    throw new UsageError(`--clients ${clients} is more than this machine can connect to one --target`)
  return layout
}

/** The scenario's load, overridden by the options that are given. */
function workloadOf(
  options: ReadOptions,
  scenario: Scenario,
  subjects: readonly Subject[],
  run: number,
): Workload {
  const { workload: usual } = scenario
  const arrivals: Arrivals = options.arrivals ?? usual.arrivals
  const workload = {
    ...usual,
    arrivals,
    clients: options.clients ?? usual.clients,
    audience:
      options.audience ??
      usualAudience(
        options,
        scenario,
        subjects.some(({ foreign }) => foreign !== undefined),
      ),
    ratePerSecond: options.rate ?? usual.ratePerSecond,
    payloadBytes: options.payload ?? usual.payloadBytes,
    warmup: options.warmup ?? usual.warmup,
    duration: options.duration ?? usual.duration,
    logEvents: options.log ?? usual.logEvents,
    delivery: options.delivery ?? usual.delivery,
    pagesPerSession: options.pagesPerSession ?? usual.pagesPerSession,
    backendPoll: options.backendPoll ?? usual.backendPoll,
    headers: options.headers ?? usual.headers,
    ...(options.acceptRate === undefined ? {} : { acceptRate: options.acceptRate }),
    ...(options.attemptTimeout === undefined ? {} : { attemptTimeout: options.attemptTimeout }),
    link: linkWith(usual.link, {
      rtt: options.rtt,
      jitter: options.jitter,
      bandwidth: options.bandwidth,
      buffer: options.buffer,
      rechunk: options.rechunk,
      idleCut: options.idleCut,
    }),
    // Each repetition draws its own instants: with the same ones, the spread over runs would not include their effect.
    seed: repetitionSeed(options.seed, run),
  }
  if (workload.audience.kind === 'rooms' && workload.audience.rooms > workload.clients) {
    throw new UsageError(
      `--audience rooms:${workload.audience.rooms} has more rooms than the ${workload.clients} clients: give at most as many`,
    )
  }
  return workload
}

/** The scenario's audience, for the clients that are asked for. @param foreign true where a server is not ours */
export function usualAudience(
  { clients }: ReadOptions,
  { workload, foreignAudience = workload.audience }: Scenario,
  foreign: boolean,
): Audience {
  const audience = foreign ? foreignAudience : workload.audience
  return scaledAudience(audience, workload.clients, clients ?? workload.clients)
}

/** The page clients of a technique. Their modules are loaded only by the processes that run them. */
function pageFleets({ domClients, browserClients }: ReadOptions, technique: string): PageFleet[] {
  const fleets = [
    { kind: 'dom', clients: domClients },
    { kind: 'browser', clients: browserClients },
  ] as const
  return fleets
    .filter(({ clients }) => clients > 0)
    .map(fleet => ({
      ...fleet,
      module: pageModules[fleet.kind],
      userAgent: userAgents[fleet.kind],
      requestReasons: requestReasons(technique, fleet.kind),
      deviation: deviationOf(technique, fleet.kind)?.reason ?? null,
    }))
}

function checkPages(
  { domClients, browserClients }: ReadOptions,
  workload: Workload,
  subjects: readonly Subject[],
): void {
  const most = Math.max(domClients, browserClients)
  if (most === 0) return
  const flag = domClients >= browserClients ? '--dom-clients' : '--browser-clients'
  const without = subjects.map(({ technique }) => technique).find(technique => !hasPage(technique))
  if (without !== undefined)
    throw new UsageError(
      `${flag}: ${without} has no page script, so no page can run it: measure it without page clients`,
    )
  if (browserClients > 0) requireChromium()
  if (most > workload.clients)
    throw new UsageError(`${flag} ${most} is more than the ${workload.clients} wire clients`)
  if (workload.delivery === 'session-queue')
    throw new UsageError(
      `${flag}: page clients would take events out of the queues of a session-queue scenario`,
    )
}
