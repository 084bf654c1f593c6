/** What `ab` says of its own duration: the arithmetic, and that it is said first. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import {
  forecastOf,
  leftMs,
  planOf,
  repetitionMs,
  type TimedPlan,
  tooFewRuns,
} from '../../bin/ab/forecast.ts'
import { SideError } from '../../bin/ab/one-run.ts'
import { sideOf } from '../../bin/ab/side.ts'
import { plannedTime } from '../../measure/run/planned-time.ts'
import { planRuns } from '../../plan/plan.ts'
import { cli, temporaryFolder } from './cli.ts'

const handicap = (name: string): string => fileURLToPath(new URL(`../handicaps/${name}.ts`, import.meta.url))

const plan: TimedPlan = { runs: 2, ceilings: 1, hasStorms: false, plannedMs: 10_000, startMs: 0 }

describe('the sentence', () => {
  test('counts the blocks of both sides', () => {
    assert.deepEqual(forecastOf([plan, { ...plan, plannedMs: 5_000 }], 20), {
      blockMs: 15_000,
      sentence: 'This takes about 5 minutes: 20 blocks of both sides, 15 seconds a block',
    })
  })
  test('says of storms that they may be over sooner', () => {
    assert.match(
      forecastOf([plan, { ...plan, hasStorms: true }], 3).sentence,
      /^This takes at most about 60 sec/,
    )
  })
  test('says that it does not know where a side has no plan', () => {
    assert.deepEqual(forecastOf([plan, null], 3), {
      blockMs: null,
      sentence: 'How long this takes is known after the first block',
    })
  })
})

test('each run, each ceiling and the launch wait for processes to start', () => {
  const slow = { ...plan, startMs: 1_000 }
  const more = (own: Partial<TimedPlan>) => repetitionMs({ ...slow, ...own }) - repetitionMs(slow)
  assert.ok(repetitionMs(slow) > plan.plannedMs + 1_000)
  assert.ok(more({ runs: 3 }) > 500)
  assert.ok(more({ ceilings: 2 }) > 300)
  assert.equal(repetitionMs(plan), plan.plannedMs)
})

describe('the planned time of a run', () => {
  const plannedMs = (more: Parameters<typeof planRuns>[0]): number =>
    planRuns({ duration: '5s', warmup: '1s', clients: 10, technique: ['sse'], ceiling: 0, ...more }).reduce(
      (sum, each) => sum + plannedTime(each) / 1_000,
      0,
    )
  const usual = plannedMs({})
  test('is warm-up, window and drain', () => assert.ok(usual > 6_000 && usual < 7_000, `${usual}`))
  test('grows with the window and the warm-up', () => {
    assert.equal(plannedMs({ duration: '8s' }) - usual, 3_000)
    assert.equal(plannedMs({ warmup: '3s' }) - usual, 2_000)
  })
  test('has a ceiling only where clients ask', () => {
    assert.equal(plannedMs({ ceiling: '4s' }), usual)
    const polling = (ceiling: string) => plannedMs({ technique: ['polling'], ceiling })
    assert.equal(polling('4s') - polling('2s'), 2_000)
  })
})

test('the time that is left follows the forecast first, and what was measured later', () => {
  assert.equal(leftMs(10_000, 0, 0, 20), 100_000)
  for (const done of [1, 7, 19]) assert.equal(leftMs(10_000, done * 5_000, done, 20), (20 - done) * 5_000)
  // One run that takes half as long again moves it by less than a run.
  assert.equal(leftMs(10_000, 7_500, 1, 20), 104_500)
  assert.ok((leftMs(10_000, 7_500 * 396, 396, 400) ?? 0) > 0.99 * 30_000)
  assert.equal(leftMs(null, 1_000, 1, 4), null)
  assert.equal(leftMs(null, 2_000, 2, 4), 2_000)
})

test('too few runs for latency are told from the number of metrics, those of each series', () => {
  const one = { ...plan, runs: 1 }
  assert.match(tooFewRuns(4, [one, one], {}) ?? '', /^4 runs a side can never .* at least 5 runs a side/)
  assert.equal(tooFewRuns(5, [one, one], {}), null)
  // Two metrics of four series share 5 %: the least p of 5 runs a side is 0.0079.
  assert.match(
    tooFewRuns(
      5,
      [
        { ...plan, runs: 4 },
        { ...plan, runs: 4 },
      ],
      {},
    ) ?? '',
    /at least 6 runs/,
  )
  assert.equal(tooFewRuns(4, [one, null], { 'latency.p50': 'off' }), null)
  assert.equal(tooFewRuns(2, [one, one], { 'latency.p50': 'off', 'latency.p99': 'off' }), null)
})

describe('the plan of a side', () => {
  test('of a module: its techniques under the flags', async () => {
    const found = await planOf(
      sideOf('head', handicap('none')),
      { duration: '2s', warmup: '500ms' },
      undefined,
    )
    assert.equal(found?.runs, 1)
    assert.ok(found.plannedMs > 2_500 && found.plannedMs < 4_000, `${found.plannedMs}`)
    assert.ok(found.startMs > 50)
  })
  test('of a folder: with its own configuration', async context => {
    const folder = temporaryFolder(context)
    const configuration = { technique: ['sse', 'websocket'], duration: '20s' }
    writeFileSync(join(folder, 'pushbench.config.json'), JSON.stringify(configuration))
    const found = await planOf(sideOf('base', folder), {}, undefined)
    assert.equal(found?.runs, 2)
    assert.ok(found.plannedMs > 40_000)
  })
  test('of what cannot be planned: one sentence, before anything is measured', async context => {
    const side = sideOf('head', temporaryFolder(context))
    await assert.rejects(
      planOf(side, { technique: ['nope'] }, undefined),
      error =>
        error instanceof SideError &&
        error.isUsage &&
        /^--head .*: cannot be run: .*"nope"/.test(error.message),
    )
  })
  test('of a command, and of another checkout that knows other techniques: none', async () => {
    assert.equal(await planOf(sideOf('base', 'node bench.js'), {}, undefined), null)
    assert.equal(await planOf(sideOf('base', '.'), { technique: ['nope'] }, undefined), null)
  })
})

test('it comes before the first run; the lines of the runs say what is left', async context => {
  const folder = temporaryFolder(context)
  const { stderr } = await cli([
    ...['ab', '--base', handicap('none'), '--head', handicap('none'), '-c', '5', '-R', '20/s'],
    ...['-d', '300ms', '-W', '100ms', '-n', '2', '-o', folder],
  ])
  const [warning = '', first = '', ...lines] = stderr.split('\n')
  assert.match(warning, /^warning: 2 runs a side can never show a difference in latency/)
  assert.match(
    first,
    /^This takes about [\d.]+ (seconds|minutes?): 2 blocks of both sides, [\d.]+ \w+ a block$/,
  )
  const runs = lines.filter(line => line.startsWith('['))
  assert.equal(runs.length, 4)
  for (const line of runs) assert.match(line, /^\[\d\/4\] block \d of 2: (base|head), about [\d.]+ \w+ left$/)
})
