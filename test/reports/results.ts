/** The results that the tests of all formats share: from four techniques that passed to text that attacks. */
import type { Result } from '../../results/result.ts'
import { measurementOf, resultOf, type Traits, unmeasured, warningOf } from './fixture.ts'

const singleRun = warningOf('single-run', 'one run', 'Repeat with --runs to see how far runs differ.')

/** Four techniques that passed, with the shape of a real result. */
export const four: readonly Traits[] = [
  {
    technique: 'polling',
    fastest: 12,
    slowest: 1_990,
    toServer: 610,
    overhead: 240,
    emptyRatio: 0.135,
    predictedEmptyRatio: 0.1353,
    cpu: 92,
    memory: 14_200,
    warnings: [warningOf('few-samples', '1,000 samples; p99 wants 10,000'), singleRun],
  },
  {
    technique: 'long-polling',
    fastest: 0.7,
    slowest: 6,
    toServer: 605,
    overhead: 236,
    emptyRatio: 0,
    predictedEmptyRatio: 0.000_001,
    cpu: 88,
    memory: 15_900,
    warnings: [warningOf('few-samples', '1,000 samples; p99 wants 10,000'), singleRun],
  },
  {
    technique: 'sse',
    fastest: 0.5,
    slowest: 3.1,
    overhead: 21,
    cpu: 15,
    memory: 11_300,
    warnings: [singleRun],
  },
  {
    technique: 'websocket',
    fastest: 0.4,
    slowest: 2.6,
    overhead: 4,
    cpu: 13,
    memory: 9_100,
    warnings: [singleRun],
  },
]

export const fourTechniques = (): Result => resultOf(four.map(measurementOf))

/** Passed, lossy and never booted, side by side. */
export const troubled = (): Result =>
  resultOf([
    ...four.slice(0, 2).map(measurementOf),
    measurementOf({
      technique: 'sse',
      fastest: 0.1,
      slowest: 0.4,
      lost: 120,
      failures: ['120 of 1,000 deliveries were lost (12 %)'],
      warnings: [warningOf('lost-events', '120 of 1,000 deliveries were lost')],
    }),
    unmeasured('websocket'),
  ])

/** As many techniques as the product will have. */
export const fifteen = (): Result =>
  resultOf(
    [
      'page-refresh',
      'busy-polling',
      'polling',
      'jsonp-polling',
      'piggyback',
      'long-polling',
      'script-long-polling',
      'forever-frame',
      'page-streaming',
      'xhr-streaming',
      'multipart-xhr',
      'server-push',
      'sse',
      'fetch-streaming',
      'websocket',
    ].map((technique, index) =>
      measurementOf({
        technique,
        fastest: 0.4 * 1.6 ** (14 - index),
        slowest: 3 * 1.6 ** (14 - index),
        toServer: index < 7 ? 600 - index * 20 : 0,
        overhead: 300 - index * 19,
        emptyRatio: index < 7 ? 0.6 - index * 0.08 : null,
        predictedEmptyRatio: index < 4 ? 0.58 - index * 0.08 : null,
        cpu: 100 - index * 6,
        memory: 20_000 - index * 800,
        warnings: [singleRun],
      }),
    ),
  )

/** Three runs of two techniques, the second run of the first being the slow one. */
export const repeated = (): Result =>
  resultOf(
    [1, 2, 3].flatMap(run => [
      measurementOf({
        technique: 'polling',
        run,
        fastest: 10,
        slowest: run === 2 ? 900 : 500 + run,
        toServer: 600,
      }),
      measurementOf({ technique: 'sse', run, fastest: 0.5, slowest: 3 + run }),
    ]),
  )

/** Two scenarios, the first with two settings of one technique. */
export const twoScenarios = (): Result =>
  resultOf([
    measurementOf({ technique: 'polling', scenario: 'steady', settings: { intervalMs: 500, hold: 0 } }),
    measurementOf({ technique: 'polling', scenario: 'steady', settings: { intervalMs: 2_000, hold: 0 } }),
    measurementOf({ technique: 'sse', scenario: 'burst' }),
  ])

/** Text that would break out of HTML, scripts, XML, Markdown, CSV and terminals. */
export const nastyText =
  '</script><img src=x onerror="document.title=\'pwned\'">`|*_[x](javascript:1) "q" \'s\' & \u2028\u2029\u0000\u001b[31m\ud800'

/** A result whose every free text is {@link nastyText}. */
export const hostile = (): Result => {
  const measurement = measurementOf({
    technique: nastyText,
    scenario: nastyText,
    settings: { [nastyText]: nastyText },
    failures: [nastyText],
    warnings: [warningOf('connection-errors', nastyText, nastyText)],
  })
  const base = resultOf([{ ...measurement, workload: { ...measurement.workload, audience: nastyText } }])
  return resultOf(
    [...base.measurements, { ...measurementOf({ technique: `=${nastyText}`, scenario: nastyText }) }],
    {
      tool: { name: 'pushbench', version: nastyText },
      environment: {
        ...base.environment,
        cpu: nastyText,
        kernel: nastyText,
        gitCommit: nastyText,
        packages: { [nastyText]: nastyText },
      },
      command: { argv: ['run', nastyText], seed: 1 },
    },
  )
}
