/** Plans of small runs for tests, runs of them, and what is left of their processes. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { clientModule, clients } from '../../clients/index.ts'
import type { RunPlan } from '../../measure/messages/run-plan.ts'
import type { RunHooks } from '../../measure/run/hooks.ts'
import { measureOnce } from '../../measure/run/run.ts'
import { defaultBackoff } from '../../model/backoff.ts'
import { type Link, plainLink } from '../../model/link.ts'
import type { Pair } from '../../model/subject.ts'
import { type Micros, micros, milliseconds, seconds } from '../../model/units.ts'
import type { Layout, Workload } from '../../model/workload.ts'
import type { Measurement } from '../../results/result.ts'
import { serverModule, servers, type Technique } from '../../servers/index.ts'

/** A built-in technique as a pair. */
export const builtIn = (technique: Technique): Pair => ({
  technique,
  server: servers[technique],
  serverModule,
  client: clients[technique],
  clientModule,
})

/** A run of few clients with a short warm-up. */
export function planOf(
  pair: Pair,
  workload: Partial<Workload>,
  settings: RunPlan['settings'] = {},
  layout: Layout = { clientProcesses: 1, servers: 1, relays: workload.link ? 1 : 0 },
): RunPlan {
  return {
    pair,
    settings,
    scenario: 'test',
    workload: {
      clients: 1,
      audience: { kind: 'broadcast' },
      arrivals: 'poisson',
      ratePerSecond: 100,
      payloadBytes: 128,
      warmup: milliseconds(300),
      duration: seconds(2),
      logEvents: 10_000,
      delivery: 'log',
      pagesPerSession: 1,
      backendPoll: micros(0),
      headers: 'minimal',
      backoff: defaultBackoff,
      link: null,
      seed: 1,
      ...workload,
    },
    layout,
    run: 1,
    runs: 1,
    cores: availableParallelism(),
    ceiling: micros(0),
  }
}

/** Measures a technique through a link. */
export async function through(
  link: Partial<Link>,
  technique: Technique,
  workload: Partial<Workload>,
  settings: RunPlan['settings'] = {},
): Promise<Measurement> {
  const plan = planOf(builtIn(technique), { ...workload, link: { ...plainLink, ...link } }, settings)
  const measurement = await measured(plan)
  assert.ok(measurement.relay)
  assert.equal(measurement.workload.relays, 1)
  return measurement
}

let runs = 0

/** What a plan measures, each time with another seed. */
export async function measured(plan: RunPlan, hooks?: RunHooks): Promise<Measurement> {
  const measurement = await measureOnce({ ...plan, workload: { ...plan.workload, seed: ++runs } }, hooks)
  assert.ok(measurement)
  return measurement
}

/** Hooks that act once, when so much of the measured window is left. */
export function whenLeft(left: Micros, act: () => void): RunHooks {
  let done = false
  return {
    progress({ phase, remaining }) {
      if (done || phase !== 'measure' || remaining === null || remaining > left) return
      done = true
      act()
    },
  }
}

/** The processes whose parent is this one. */
export function childrenOfThisProcess(): number[] {
  return readdirSync('/proc').flatMap(name => {
    if (!/^\d+$/.test(name)) return []
    try {
      // The command stands in parentheses and may hold anything; the parent is the second field behind it.
      const fields = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
      return Number(fields[1]) === process.pid ? [Number(name)] : []
    } catch {
      return []
    }
  })
}
