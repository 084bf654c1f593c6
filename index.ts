/**
 * pushbench as a library: measure, read and render results, verify a technique.
 *
 *     import { run, formats } from 'pushbench'
 *     const result = await run({ technique: ['sse', 'websocket'], clients: 200, duration: '5s' })
 *     const html = formats.html.render(result)
 */

import { measureSeries, type SeriesHooks } from './measure/run/repetitions.ts'
import { type RunOptions, readOptions } from './plan/options.ts'
import { planRuns } from './plan/plan.ts'
import type { Result } from './results/result.ts'

/**
 * Measures what the options ask for. What goes wrong with a technique is a failed measurement in the result.
 * @param options as the flags of `pushbench run`; all have defaults
 * @param hooks progress, partial results and an AbortSignal that cuts the measuring short
 * @throws {UsageError} before anything starts, when an option is wrong
 */
export async function run(options: RunOptions = {}, hooks: SeriesHooks = {}): Promise<Result> {
  const plans = planRuns(options)
  return measureSeries(plans, { argv: [], seed: readOptions(options).seed }, hooks)
}

export { type Calibration, calibrate } from './compare/calibration.ts'
export { type Comparison, compareResults } from './compare/compare.ts'
export type { Progress } from './measure/run/hooks.ts'
export type { SeriesHooks } from './measure/run/repetitions.ts'
export { encodeEvent, type PushEvent } from './model/event.ts'
export { defineServer, type OwnServer, type ServerAbility } from './model/server-module.ts'
export { choice, duration, size, text, toggle, whole } from './model/settings.ts'
export type {
  Address,
  ClientTechnique,
  PushClient,
  PushServer,
  ServerContext,
  ServerObserver,
  ServerTechnique,
} from './model/technique.ts'
export { UsageError } from './model/usage-error.ts'
export type { Configuration } from './plan/configuration.ts'
export type { RunOptions } from './plan/options.ts'
export { isTechnique, pairOf, techniques } from './plan/plan.ts'
export { type FormatName, formats } from './reports/index.ts'
export { metrics } from './results/metrics.ts'
export {
  type Measurement,
  parseResult,
  type Result,
  ResultError,
  resultJsonSchema,
  subjectName,
} from './results/result.ts'
export { type ScenarioName, scenarios } from './scenarios/index.ts'
export { type HttpService, httpServer } from './servers/http/http-server.ts'
export type { Technique } from './servers/index.ts'
export { type StormModel, type StormOutcome, simulateStorm } from './simulation/storm-simulation.ts'
