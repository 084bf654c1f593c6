/** How long an A/B comparison takes, before it starts: from the plan of each side, and how fast processes start here. */
import { fork } from 'node:child_process'
import { extname, resolve } from 'node:path'
import { spanText } from '../../compare/words.ts'
import type { RunOptions } from '../../plan/options.ts'
import type { ForecastQuestion, SidePlan } from './forecast-process.ts'
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

/**
 * The plan of a side.
 * @returns null for a command, whose plan is its own, and where planning fails: then the run says why
 */
export async function planOf(
  { cwd, program, module }: Side,
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
  return await new Promise(resolve => {
    child.once('message', plan => resolve({ ...(plan as SidePlan), startMs: performance.now() - startedAt }))
    child.once('error', () => resolve(null))
    child.once('exit', () => resolve(null))
  })
}
