/**
 * From options to the runs that they ask for. Everything that can be wrong is found here, before a process starts.
 */
import { clientModule, clients } from './clients/index.ts'
import type { PageFleet } from './measure/kinds.ts'
import { type MachineLimits, planLayout, readLimits } from './measure/limits.ts'
import { linkWith } from './measure/link.ts'
import { randomFor, shuffled } from './measure/random.ts'
import type { SettingValue } from './measure/result.ts'
import type { RunPlan } from './measure/run-plan.ts'
import type { Arrivals } from './measure/schedule.ts'
import type { Settings } from './measure/settings.ts'
import { micros } from './measure/units.ts'
import { UsageError, unknownName } from './measure/usage-error.ts'
import type { Layout, Pair, Scenario, Workload } from './measure/workload.ts'
import { type ReadOptions, type RunOptions, readOptions } from './options.ts'
import { requireChromium } from './pages/chromium.ts'
import { deviationOf, pageModules, userAgents } from './pages/index.ts'
import { requestReasons } from './pages/request-differences.ts'
import { refusalOf, variantsOf } from './plan-faults.ts'
import { type ScenarioName, scenarios } from './scenarios/index.ts'
import { serverModule, servers, type Technique } from './servers/index.ts'

/** Names of all techniques, in the order of the registry. */
export const techniques = Object.keys(servers) as Technique[]

/** Both halves of a built-in technique. */
export const pairOf = (technique: Technique): Pair => ({
  technique,
  server: servers[technique],
  serverModule,
  client: clients[technique],
  clientModule,
})

/** The settings of both halves of a technique. */
export const settingsOfPair = ({ server, client }: Pair): Settings => ({
  ...server.settings,
  ...client.settings,
})

/**
 * The runs that the options ask for, repetition by repetition, so that what drifts on the machine meets all
 * techniques alike. Repetitions are blocks, each in a random order of its own: what a run leaves behind for the next
 * (a warm cache, ports in TIME_WAIT) then falls on none in particular.
 * @throws {UsageError} with one sentence
 */
export function planRuns(given: RunOptions): RunPlan[] {
  const options = readOptions(given)
  const chosen = new Map(options.scenario.map(scenario => [scenario, techniquesOf(options, scenario)]))
  const flags = readSettings(options.set, [...chosen.values()].flat())
  const limits = readLimits()
  const plans: RunPlan[] = []
  for (let run = 1; run <= options.runs; run++) {
    const block: RunPlan[] = []
    for (const scenario of options.scenario) {
      const workload = workloadOf(options, scenarios[scenario].workload, run)
      checkPages(options, workload)
      const own = settingsOfScenario(scenarios[scenario])
      for (const technique of chosen.get(scenario) ?? []) {
        for (const variant of variantsOf(options, scenarios[scenario], workload, pairOf(technique))) {
          block.push({
            ...variant,
            pair: pairOf(technique),
            settings: { ...own.get(technique), ...flags.get(technique) },
            scenario,
            pages: pageFleets(options, technique),
            layout: layoutOf(options, variant.workload, limits),
            run,
            runs: options.runs,
            cores: limits.cores,
            // How fast a server answers at the most is no matter of a storm.
            ceiling: variant.fault === undefined ? options.ceiling : micros(0),
          })
        }
      }
    }
    plans.push(...(options.runs > 1 ? shuffled(block, randomFor(options.seed, 'block', run)) : block))
  }
  return plans
}

/** The techniques to measure in a scenario: those that it is about, as far as the options ask for them. */
function techniquesOf(options: ReadOptions, name: ScenarioName): Technique[] {
  const { technique: asked } = options
  const scenario: Scenario = scenarios[name]
  const about = techniques.filter(technique => scenario.techniques?.includes(technique) ?? true)
  const usual = about.filter(technique => scenario.usualTechniques?.includes(technique) ?? true)
  const chosen = (asked ?? usual).filter(technique => about.includes(technique))
  const refusals = chosen.map(technique => refusalOf(options, scenario, pairOf(technique)))
  const [refusal] = refusals
  if (refusal != null && refusals.every(each => each !== null)) throw new UsageError(`--fault: ${refusal}`)
  if (chosen.length > 0) return chosen
  throw new UsageError(
    `--technique: the scenario "${name}" is about ${about.join(', ')}; it measures nothing of ${asked?.join(', ')}`,
  )
}

/** The settings that a scenario gives to its techniques. */
function settingsOfScenario({ settings = {} }: Scenario): Map<Technique, Record<string, SettingValue>> {
  const texts = Object.entries(settings).flatMap(([technique, values]) =>
    Object.entries(values).map(([name, value]) => `${technique}.${name}=${value}`),
  )
  return readSettings(texts, techniques)
}

function layoutOf({ workers }: ReadOptions, { clients, link }: Workload, limits: MachineLimits): Layout {
  const layout = planLayout(clients, workers, limits, link !== null)
  if ('problem' in layout) throw new UsageError(layout.problem)
  return layout
}

/** The scenario's load with the options in its place where they are given. */
function workloadOf(options: ReadOptions, usual: Omit<Workload, 'seed'>, run: number): Workload {
  const arrivals: Arrivals = options.arrivals ?? usual.arrivals
  const workload = {
    ...usual,
    arrivals,
    clients: options.clients ?? usual.clients,
    audience: options.audience ?? usual.audience,
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
    // Each repetition draws anew: were the moments the same, the spread over runs would leave them out.
    seed: options.seed + run - 1,
  }
  if (workload.audience.kind === 'rooms' && workload.audience.rooms > workload.clients) {
    throw new UsageError(
      `--audience rooms:${workload.audience.rooms} has more rooms than the ${workload.clients} clients: give at most as many`,
    )
  }
  return workload
}

/** Reads `<technique>.<setting>=<value>` texts. A setting of a technique that is not measured is a mistake. */
export function readSettings(
  texts: readonly string[],
  chosen: readonly Technique[],
): Map<Technique, Record<string, SettingValue>> {
  const values = new Map<Technique, Record<string, SettingValue>>()
  for (const text of texts) {
    const match = /^([^.=]+)\.([^.=]+)=(.*)$/s.exec(text)
    if (match === null)
      throw new UsageError(
        `--set: "${text}" is not <technique>.<setting>=<value>, e.g. polling.interval=500ms`,
      )
    const [, technique = '', name = '', value = ''] = match
    if (!isTechnique(technique))
      throw new UsageError(`--set: ${unknownName('technique', technique, techniques)}`)
    if (!chosen.includes(technique)) {
      throw new UsageError(`--set: ${text} sets ${technique}, which is not measured: add it to --technique`)
    }
    values.set(technique, { ...values.get(technique), [name]: readSetting(technique, name, value) })
  }
  return values
}

function readSetting(technique: Technique, name: string, text: string): SettingValue {
  const declared = settingsOfPair(pairOf(technique))
  const setting = declared[name]
  if (setting === undefined) {
    const known = Object.keys(declared)
    throw new UsageError(`--set: ${unknownName(`setting of ${technique}`, name, known)}`)
  }
  const parsed = setting.parse(text)
  if ('problem' in parsed) throw new UsageError(`--set ${technique}.${name}: ${parsed.problem}`)
  return parsed.value
}

/** True for the name of a technique. */
export const isTechnique = (name: string): name is Technique =>
  (techniques as readonly string[]).includes(name)

/** The page clients of a technique. Their modules are loaded only by the processes that run them. */
function pageFleets({ domClients, browserClients }: ReadOptions, technique: Technique): PageFleet[] {
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

function checkPages({ domClients, browserClients }: ReadOptions, workload: Workload): void {
  const most = Math.max(domClients, browserClients)
  if (most === 0) return
  if (browserClients > 0) requireChromium()
  const flag = domClients >= browserClients ? '--dom-clients' : '--browser-clients'
  if (most > workload.clients)
    throw new UsageError(`${flag} ${most} is more than the ${workload.clients} wire clients beside them`)
  if (workload.delivery === 'session-queue')
    throw new UsageError(
      `${flag}: page clients would take events out of the queues of a session-queue scenario`,
    )
}
