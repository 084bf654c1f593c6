import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cellOf } from '../../reports/chapters/columns.ts'
import { stylesOf } from '../../reports/page/series-style.ts'
import { groupWarnings, sightingText, trouble } from '../../reports/warnings.ts'
import { across, middleRun } from '../../results/across-runs.ts'
import { readingOf, type Scenario, type Series } from '../../results/reading.ts'
import type { Measurement, Result, Warning } from '../../results/result.ts'
import { scenarios } from '../reports/arranged.ts'
import { measurementOf, resultOf, unmeasured, warningOf } from '../reports/fixture.ts'
import { fourTechniques, repeated, troubled, twoScenarios } from '../reports/results.ts'
import { herdMeasurementOf, mixed, stormMeasurementOf, stormSuite } from '../reports/storms.ts'

function first<T>(all: readonly T[]): T {
  const [found] = all
  assert.ok(found !== undefined)
  return found
}

const withTail = (p99: number, run: number): Measurement => {
  const measurement = measurementOf({ technique: 'sse', run })
  const { latencyMicros } = measurement
  return { ...measurement, latencyMicros: latencyMicros && { ...latencyMicros, p99 } }
}

const groupWarningsOf = (result: Result) => groupWarnings(readingOf(result))
const baseline = (result: Result) => readingOf(result).baseline
const faulted = (result: Result) => readingOf(result).faulted

const labels = (all: readonly Scenario[]): string[][] =>
  all.map(each => each.series.map(series => series.label))

test('techniques keep the order of the result', () => {
  assert.deepEqual(labels(scenarios(fourTechniques())), [['polling', 'long-polling', 'sse', 'websocket']])
})

test('settings distinguish two series of one technique, and only those that differ', () => {
  assert.deepEqual(labels(scenarios(twoScenarios())), [
    ['polling (intervalMs 500)', 'polling (intervalMs 2000)'],
    ['sse'],
  ])
})

test('the same settings in another order are the same series', () => {
  const result = resultOf([
    measurementOf({ technique: 'sse', run: 1, settings: { a: 1, b: 2 } }),
    measurementOf({ technique: 'sse', run: 2, settings: { b: 2, a: 1 } }),
  ])
  assert.equal(first(first(scenarios(result)).series).runs.length, 2)
})

test('a series passes only if every run did', () => {
  const bad = measurementOf({ technique: 'sse', run: 2, failures: ['lost'] })
  const aborted = measurementOf({
    technique: 'sse',
    run: 3,
    failures: ['stopped'],
    warnings: [warningOf('aborted', 'stopped')],
  })
  const good = measurementOf({ technique: 'sse' })
  const seriesOf = (...runs: (typeof good)[]): Series => first(first(scenarios(resultOf(runs))).series)
  assert.equal(seriesOf(good).state, 'passed')
  assert.equal(seriesOf(good, bad).state, 'failed')
  assert.equal(seriesOf(good, aborted).state, 'aborted')
  assert.equal(seriesOf(good, bad, aborted).state, 'failed')
  assert.equal(trouble(seriesOf(good, bad)), '1 of 2 runs: lost')
  assert.equal(trouble(seriesOf(good)), null)
})

test('a value across runs is the median with its range; runs without it do not count', () => {
  const polling = first(first(scenarios(repeated())).series)
  const p99 = polling.runs.map(run => run.latencyMicros?.p99 ?? 0)
  assert.deepEqual(across(polling, 'latency.p99'), {
    median: p99[2],
    min: p99[0],
    max: p99[1],
  })
  assert.equal(middleRun(polling).run, 3)
  const half = first(
    first(scenarios(resultOf([unmeasured('sse'), measurementOf({ technique: 'sse', run: 2, cpu: 5 })])))
      .series,
  )
  assert.equal(across(half, 'server.cpuPerDelivery')?.median, 5)
  const none = first(first(scenarios(resultOf([unmeasured('sse')]))).series)
  assert.equal(across(none, 'latency.p50'), null)
})

/** Storms of one series whose clients were back at 99 % after so many seconds, or never. */
const storms = (...seconds: (number | null)[]): Series =>
  first(
    first(
      faulted(
        resultOf(
          seconds.map((each, index) => {
            const measurement = stormMeasurementOf({ technique: 'sse', run: index + 1, clients: 100 })
            const { storm } = measurement
            const p99 = each === null ? null : each * 1e6
            return {
              ...measurement,
              ...(storm?.backMicros && { storm: { ...storm, backMicros: { ...storm.backMicros, p99 } } }),
            }
          }),
        ),
      ),
    ).series,
  )
const t99 = 'storm.backP99' as const

test('a time that never came is the longest of all', () => {
  const never = Number.POSITIVE_INFINITY
  assert.deepEqual(across(storms(null, null, 5), t99), { median: never, min: 5e6, max: never })
  assert.deepEqual(across(storms(null, 9, 5), t99), { median: 9e6, min: 5e6, max: never })
  assert.equal(cellOf(storms(null, null, 5), 'storm.backP99').text, 'never')
  assert.equal(cellOf(storms(null, 9, 5), 'storm.backP99').range, '(5.00 s–never)')
})

test('a run in which a time never came is the slowest, and not the one in the middle', () => {
  assert.equal(middleRun(storms(null, 9, 2), t99).run, 2)
  assert.equal(middleRun(storms(null, 2, null), t99).run, 1)
  const series = first(
    first(scenarios(resultOf([unmeasured('sse'), withTail(40, 2), withTail(20, 3)]))).series,
  )
  assert.equal(middleRun(series).run, 2)
})

test('a warning that techniques share is listed once, with the techniques', () => {
  const groups = groupWarningsOf(fourTechniques())
  assert.deepEqual(
    groups.map(group => [group.code, group.sightings.map(each => each.labels)]),
    [
      ['few-samples', [['polling', 'long-polling']]],
      ['single-run', [['polling', 'long-polling', 'sse', 'websocket']]],
    ],
  )
})

test('other numbers under the same advice stand apart, repeated runs are counted', () => {
  const warn = (technique: string, run: number, message: string) =>
    measurementOf({ technique, run, warnings: [warningOf('lost-events', message)] })
  const [group] = groupWarningsOf(
    resultOf([warn('sse', 1, '3 lost'), warn('sse', 2, '4 lost'), warn('polling', 1, '9 lost')]),
  )
  assert.deepEqual(group?.sightings, [
    { labels: ['sse'], who: 'sse', message: '3 lost', runs: 'in 2 of 2 runs' },
    { labels: ['polling'], who: 'polling', message: '9 lost', runs: null },
  ])
  assert.deepEqual(
    groupWarningsOf(troubled()).map(each => each.code),
    ['lost-events', 'few-samples', 'single-run'],
  )
})

test('fault and backoff distinguish series where a result has more than one of them', () => {
  const named = (...all: ReturnType<typeof stormMeasurementOf>[]) => labels(scenarios(resultOf(all)))[0]
  const storm = (traits: Partial<Parameters<typeof stormMeasurementOf>[0]> = {}) =>
    stormMeasurementOf({ technique: 'sse', clients: 10, ...traits })
  assert.deepEqual(named(storm()), ['sse'])
  assert.deepEqual(named(storm(), storm({ backoff: 'none' })), ['sse · full-jitter', 'sse · none'])
  assert.deepEqual(named(storm(), storm({ fault: 'drop' })), ['sse · restart', 'sse · drop'])
  assert.deepEqual(named(storm(), herdMeasurementOf('long-polling', 10), storm({ backoff: 'none' })), [
    'sse · restart · full-jitter',
    'sse · restart · none',
    'long-polling · herd',
  ])
  // Two of one name need their parameters.
  assert.deepEqual(named(storm(), storm({ fault: 'restart:down=5s' })), [
    'sse · restart:down=2s',
    'sse · restart:down=5s',
  ])
})

test('runs of one fault and backoff are one series', () => {
  assert.deepEqual(
    faulted(mixed()).map(each => each.series.map(series => series.runs.length)),
    [[3, 3]],
  )
})

test('baseline runs and storms are separated, and a scenario without either is left out', () => {
  assert.deepEqual(labels(baseline(mixed())), [['sse', 'websocket']])
  assert.deepEqual(labels(faulted(mixed())), [['sse · restart · none', 'sse · restart · full-jitter']])
  assert.deepEqual(baseline(stormSuite()), [])
  assert.deepEqual(faulted(fourTechniques()), [])
})

/** How many different looks the series of each group have. */
function looks(result: Result, pick: (series: Series) => string, look: 'colour' | 'shape'): number[] {
  const all = scenarios(result)
  const styles = stylesOf({ scenarios: all })
  const storms = all.flatMap(each => each.series).filter(each => each.fault !== null)
  return [...Map.groupBy(storms, pick).values()].map(
    each => new Set(each.map(series => styles[series.place]?.[look])).size,
  )
}

test('a technique keeps the colour and the shape of its family over backoffs', () => {
  for (const look of ['colour', 'shape'] as const) {
    assert.deepEqual(
      looks(stormSuite(), each => each.name, look),
      [1, 1, 1, 1],
    )
    assert.deepEqual(
      looks(stormSuite(), each => `${each.fault} ${each.backoff}`, look),
      [4, 4, 4, 2],
    )
  }
})

test('where all techniques are of one family, the colour says which backoff it is', () => {
  const one = resultOf(
    (['none', 'eventsource', 'full-jitter'] as const).map(backoff =>
      stormMeasurementOf({ technique: 'sse', backoff }),
    ),
  )
  assert.deepEqual(
    looks(one, each => each.technique, 'colour'),
    [3],
  )
})

test('a warning of all techniques names none, one of some names them', () => {
  const [few, single] = groupWarningsOf(fourTechniques())
  assert.equal(few && sightingText(first(few.sightings)).startsWith('polling and long-polling: '), true)
  assert.equal(single && sightingText(first(single.sightings)).startsWith('all 4 techniques: '), true)
})

test('warnings that could change a decision come first, whatever the order of the result', () => {
  const [own = [], other = []] = [
    ['shared-cores', 'single-run', 'publisher-lag'] as const,
    ['memory-noise', 'lost-events', 'generator-delay'] as const,
  ].map((codes): Warning[] => codes.map(code => warningOf(code, 'seen')))
  const groups = groupWarningsOf(
    resultOf([
      measurementOf({ technique: 'sse', warnings: own }),
      measurementOf({ technique: 'polling', warnings: other }),
    ]),
  )
  assert.deepEqual(
    groups.map(({ code }) => code),
    ['lost-events', 'publisher-lag', 'generator-delay', 'single-run', 'memory-noise', 'shared-cores'],
  )
})
