/** How long an A/B comparison takes, before it starts: from the plan of each side, and how fast processes start here. */
import { fork } from 'node:child_process'
import { extname, resolve } from 'node:path'
import { gatedMetricsWith, type MetricLevels } from '../../compare/gated-metrics.ts'
import { spanText } from '../../compare/words.ts'
import type { RunOptions } from '../../plan/options.ts'
import { fewestRuns, isTooFew, usualDemand } from '../../statistics/power.ts'
import type { ForecastQuestion, SidePlan, SideProblem } from './forecast-process.ts'
import { SideError } from './one-run.ts'
import type { Side } from './side.ts'

/** A side that plans for longer than this is not waited for. */
const patienceMs = 20_000

/** A plan, and how long the process took that made it: about as long as a run of the side takes to start. */
export interface TimedPlan extends SidePlan {
  readonly startMs: number
}

/** How many starts of a process the parts of a repetition take; measured, good to a third. */
const starts = { launch: 1, run: 1.3, ceiling: 1.5 } as const

/** How long one repetition of a side takes, in milliseconds. */
export const repetitionMs = ({ runs, ceilings, plannedMs, startMs }: TimedPlan): number =>
  plannedMs + startMs * (starts.launch + starts.run * runs + starts.ceiling * ceilings)

/** What a comparison will take. */
export interface Forecast {
  /** One block: a repetition of each side; null where a side has no plan. */
  readonly blockMs: number | null
  /** In one sentence. */
  readonly sentence: string
}

/** @param plans of both sides */
export function forecastOf(plans: readonly (TimedPlan | null)[], blocks: number): Forecast {
  const known = plans.filter(plan => plan !== null)
  if (known.length < plans.length)
    return { blockMs: null, sentence: 'How long this takes is known after the first block' }
  const blockMs = known.reduce((sum, plan) => sum + repetitionMs(plan), 0)
  const about = known.some(({ hasStorms }) => hasStorms) ? 'at most about' : 'about'
  return {
    blockMs,
    sentence: `This takes ${about} ${spanText((blocks * blockMs) / 1_000)}: ${blocks} blocks of both sides, ${spanText(blockMs / 1_000)} a block`,
  }
}

/** As many measured runs weigh as much as the forecast, so that one slow run does not rewrite it. */
const forecastWeight = 4

/**
 * How long the rest takes: by the forecast at first, and more by the measured runs the more there are. Null before the
 * first run where there is no forecast.
 * @param blockMs the forecast of a block, which is two runs
 */
export function leftMs(blockMs: number | null, spentMs: number, done: number, total: number): number | null {
  if (blockMs === null) return done < 2 ? null : (spentMs / done) * (total - done)
  const each = (forecastWeight * (blockMs / 2) + spentMs) / (forecastWeight + done)
  return each * (total - done)
}

/**
 * Says of what the runs can never show a difference, whatever they measure; null where they can. Other metrics may share the
 * error rate too: those of latency are sure to.
 */
export function tooFewRuns(
  runs: number,
  plans: readonly (SidePlan | null)[],
  levels: MetricLevels,
): string | null {
  const series = Math.min(...plans.map(plan => plan?.runs ?? 1))
  const ofLatency = gatedMetricsWith({}, levels).filter(({ metric }) => metric.startsWith('latency.'))
  const demand = { ...usualDemand, family: series * ofLatency.length }
  if (demand.family === 0 || !isTooFew(runs, runs, demand)) return null
  return `${runs} runs a side can never show a difference in latency: it takes at least ${fewestRuns(demand)} runs a side (-n)`
}

/**
 * The plan of a side.
 * @returns null for a command and for another checkout of pushbench, which plan by code of their own
 * @throws {SideError} where the side cannot be planned, and so not be run
 */
export async function planOf(
  { name, given, cwd, program, module }: Side,
  flags: RunOptions,
  config: string | undefined,
): Promise<TimedPlan | null> {
  if (program[0] !== process.execPath) return null
  const question: ForecastQuestion = {
    flags: { ...flags, ...(module === undefined ? {} : { server: [module] }) },
    config: config === undefined ? null : resolve(config),
  }
  const startedAt = performance.now()
  const child = fork(
    new URL(`./forecast-process${extname(import.meta.url)}`, import.meta.url),
    [JSON.stringify(question)],
    { cwd, stdio: ['ignore', 'ignore', 'ignore', 'ipc'], timeout: patienceMs, killSignal: 'SIGKILL' },
  )
  const answer = await new Promise<SidePlan | SideProblem | null>(resolve => {
    child.once('message', message => resolve(message as SidePlan | SideProblem))
    child.once('error', () => resolve(null))
    child.once('exit', () => resolve(null))
  })
  if (answer === null) return null
  if (!('problem' in answer)) return { ...answer, startMs: performance.now() - startedAt }
  // Another checkout of pushbench may know flags and techniques that this one does not.
  if (program[1] !== process.argv[1]) return null
  throw new SideError(`--${name} ${given}: cannot be run: ${answer.problem}`, true)
}
