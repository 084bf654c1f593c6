import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Section } from '../../../reports/chapters/block.ts'
import type { LinesChart, PointsChart, RowsChart } from '../../../reports/chapters/figure.ts'
import { formats } from '../../../reports/index.ts'
import type { Result } from '../../../results/result.ts'
import { stormWindow } from '../../../simulation/storm-figures.ts'
import { chapter, chartsIn, markupOf } from '../arranged.ts'
import { resultOf } from '../fixture.ts'
import { fourTechniques } from '../results.ts'
import {
  herdMeasurementOf,
  holdExpiry,
  mixed,
  stallMeasurementOf,
  stormMeasurementOf,
  stormSuite,
  troubledStorms,
} from '../storms.ts'

const chapterOf = (result: Result): readonly Section[] => chapter(result, 'storm')
const chartsOf = (result: Result) =>
  Object.assign({}, ...chapterOf(result).map(chartsIn)) as ReturnType<typeof chartsIn>
const textOf = (result: Result): string =>
  markupOf(result, 'storm')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')

function linesOf(section: Section | undefined, name: string): LinesChart {
  const chart = section && chartsIn(section)[`${section.id}-${name}`]
  assert.equal(chart?.kind, 'lines', name)
  return chart as LinesChart
}

test('there is a section for each fault, and none without storms', () => {
  assert.deepEqual(
    chapterOf(stormSuite()).map(({ id, title }) => [id, title]),
    [
      ['storm-1', 'Storm: restart'],
      ['storm-2', 'Storm: herd'],
    ],
  )
  assert.deepEqual(chapterOf(fourTechniques()), [])
  assert.doesNotMatch(formats.html.render(fourTechniques()), /id="storm-/)
})

test('the curves of all policies and techniques share one axis of time, with fault and return on it', () => {
  const [section] = chapterOf(stormSuite())
  const charts = [1, 2, 3].flatMap(at =>
    ['connected', 'arrivals'].map(name => linesOf(section, `policy-${at}-${name}`)),
  )
  for (const { x, uprights, shade } of charts) {
    assert.deepEqual([x.min, x.max], [charts[0]?.x.min, charts[0]?.x.max])
    assert.deepEqual(
      uprights?.map(({ at }) => at),
      [0, 2_050_000],
    )
    assert.deepEqual([shade?.from, shade?.to], [0, 2_050_000])
  }
})

test('no line of a chart runs backwards in time', () => {
  for (const result of [stormSuite(), mixed(), troubledStorms()])
    for (const section of chapterOf(result))
      for (const [name, chart] of Object.entries(chartsIn(section)))
        if (chart.kind === 'lines')
          for (const { points } of chart.lines)
            for (const [at, point] of points.entries())
              assert.ok(at === 0 || point.x >= (points[at - 1]?.x ?? 0), `${name} at ${point.at}`)
})

test('the curve of connected clients begins full, falls at the fault and ends with all that came back', () => {
  const [section] = chapterOf(resultOf([stormMeasurementOf({ technique: 'sse', neverBack: 37 })]))
  const [line] = linesOf(section, 'policy-1-connected').lines
  const values = line?.points.map(({ y }) => y) ?? []
  assert.equal(values[0], 1_000)
  assert.equal(Math.min(...values.map(value => value ?? 0)), 0)
  assert.equal(values.at(-1), 963)
})

test('an aborted run ends its line where it ended, and says neither never nor how few came back', () => {
  const whole = stormMeasurementOf({ technique: 'sse', backoff: 'none' })
  const cut = stormMeasurementOf({
    technique: 'sse',
    backoff: 'full-jitter',
    clients: 50,
    neverBack: 50,
  })
  const { storm } = cut
  assert.ok(storm)
  const early = <T extends { atMicros: number }>(all: readonly T[]): T[] =>
    all.filter(({ atMicros }) => atMicros < storm.faultAtMicros + 1_000_000)
  const result = resultOf([
    whole,
    {
      ...cut,
      passed: false,
      failures: ['the run was aborted'],
      warnings: [{ code: 'aborted', message: 'aborted', advice: 'run again' }],
      storm: { ...storm, arrivals: early(storm.arrivals), accepted: [], connected: early(storm.connected) },
    },
  ])
  const [section] = chapterOf(result)
  for (const name of ['policy-2-connected', 'policy-2-arrivals'])
    for (const { points } of linesOf(section, name).lines)
      assert.ok(Math.max(...points.map(({ x }) => x)) <= 1_000_000 + stormWindow, name)
  assert.match(textOf(result), /full-jitter: aborted/)
  assert.doesNotMatch(
    textOf(result),
    /never(?! back)|fewer than 99 % came back|t99 is the time of the slowest/,
  )
})

test('levels that were kept finer than a window are drawn by windows', () => {
  const measurement = stormMeasurementOf({ technique: 'sse' })
  const { storm } = measurement
  assert.ok(storm)
  const connected = Array.from({ length: 50 }, (_, grain) => ({
    atMicros: storm.faultAtMicros + grain * 10_000,
    clients: 1_000 - 2 * grain,
  }))
  const [section] = chapterOf(resultOf([{ ...measurement, storm: { ...storm, connected } }]))
  const [line] = linesOf(section, 'policy-1-connected').lines
  const steps = line?.points.filter(({ x }) => x > 0 && x <= 500_000) ?? []
  assert.deepEqual(
    [...new Set(steps.map(({ x }) => x))],
    [1, 2, 3, 4, 5].map(window => window * stormWindow),
  )
  assert.equal(steps.at(-1)?.y, 902)
})

test('the arrivals of every window are in the chart, and apart from them what the server took', () => {
  const measurement = stormMeasurementOf({ technique: 'sse', backoff: 'eventsource' })
  const [section] = chapterOf(resultOf([measurement]))
  const chart = linesOf(section, 'policy-1-arrivals')
  const [arrivals, taken] = chart.lines
  assert.deepEqual([chart.value.scale, chart.value.floor], ['log', 0.5])
  assert.equal(Math.max(...(arrivals?.points.map(({ y }) => y ?? 0) ?? [])), 1_000)
  assert.deepEqual([taken?.area, taken?.label], [true, 'sse, accepted by the server'])
  assert.ok(Math.max(...(taken?.points.map(({ y }) => y ?? 0) ?? [])) <= 51)
  assert.match(textOf(resultOf([measurement])), /a busy server hides the peak that hits it/)
})

test('the trade-off has a point for each technique and policy, at its t99 and its peak', () => {
  const chart = chartsOf(stormSuite())['storm-1-trade-off'] as PointsChart
  assert.deepEqual(
    chart.points.map(({ x, y }) => [x.value, y.value]),
    stormSuite()
      .measurements.filter(each => each.storm?.of === 'connections')
      .map(({ storm }) => [storm?.backAfterReturnMicros?.p99, storm?.peakArrivalsPer100ms]),
  )
  assert.equal(chart.points[0]?.label, 'polling · none')
})

test('charts of policies stand side by side on one axis of numbers, a line for each technique', () => {
  const [section] = chapterOf(stormSuite())
  for (const [name, most] of [
    ['connected', 1_000],
    ['arrivals', 3_000],
  ] as const)
    for (const policy of [1, 2, 3]) {
      const chart = linesOf(section, `policy-${policy}-${name}`)
      assert.equal(chart.value.most, most)
      assert.deepEqual(
        chart.lines.map(({ label }) => label),
        ['polling', 'long-polling', 'sse', 'websocket'],
      )
    }
})

test('who is not back at 99 % has no point, and the chart says so', () => {
  const text = textOf(troubledStorms())
  assert.equal(chartsOf(troubledStorms())['storm-1-trade-off'], undefined)
  assert.match(text, /fewer than 99 % of the clients came back: sse · restart and websocket/)
})

test('a fault that no client noticed shows latency, and no arrivals or returns of nothing', () => {
  const [, section] = chapterOf(troubledStorms())
  assert.ok(section)
  assert.equal(section.title, 'Fault: blackhole')
  assert.deepEqual(Object.keys(chartsIn(section)), ['storm-2-latency-timeline'])
  const headings = section.blocks.flatMap(block => (block.kind === 'heading' ? [block.text] : []))
  assert.deepEqual(headings, ['Latency through the fault', 'The server in the storm'])
})

test('a stall shows its backlog and the latency over time, from the fault', () => {
  const result = resultOf([stallMeasurementOf('sse'), stallMeasurementOf('polling')])
  const [section] = chapterOf(result)
  const { lines, uprights, shade } = linesOf(section, 'latency-timeline')
  assert.deepEqual(
    uprights?.map(({ at, label }) => [at, label]),
    [
      [0, 'stall'],
      [1_000_000, 'reading again'],
    ],
  )
  assert.deepEqual([shade?.from, shade?.to], [0, 1_000_000])
  const [measurement] = result.measurements
  const faultAt = measurement?.storm?.faultAtMicros ?? Number.NaN
  // A bin is drawn at its middle; those of more than a second before the fault are left out.
  assert.deepEqual(
    lines[0]?.points.map(({ x, y }) => [x, y]),
    measurement?.timeline
      .map(bin => [
        bin.atMicros - faultAt + bin.widthMicros / 2,
        bin.latencyP99Micros,
        bin.atMicros - faultAt,
      ])
      .filter(([, , at]) => (at ?? 0) >= -1_000_000)
      .map(([x, y]) => [x, y]),
  )
  assert.match(textOf(result), /sse ✓? ?passed .* 200 4,000 500 ms 990 ms 12\.0 ms 0 0 0/)
  assert.doesNotMatch(textOf(result), /peak and tail|t99|came back/i)
  const text = formats.terminal.render(result)
  assert.match(
    text,
    /^technique +state +p50 +p99 +max +stalled +backlog +backlog p50 +backlog max +cleared +lost /m,
  )
  assert.doesNotMatch(text, /peak|never back/)
})

test('a time that was never reached reads never, and a count that the kernel does not give reads not known', () => {
  const text = textOf(resultOf([stormMeasurementOf({ technique: 'sse', neverBack: 37 })]))
  assert.match(
    text,
    /sse ✓? ?passed 1\d\d \d+ 0\.1\d [\d.]+ [\d.]+ 1,000 [\d.]+ s [\d.]+ s [\d.]+ s [\d.]+ s never never 37 /,
  )
  assert.match(text, /500\/s not known/)
})

test('repeated storms show median and range, and the curve of the middle run by t99', () => {
  const text = textOf(mixed())
  assert.match(text, /sse · full-jitter median of 3 runs passed 36 17 \(33–37\)/)
  assert.match(text, /Of repeated runs, the chart shows the one with the median t99\./)
})

test('a herd has the outcome of its second events by gap, its re-arm times, and no curve of connections', () => {
  const herd = resultOf([herdMeasurementOf('long-polling')])
  const charts = chartsOf(herd)
  const outcomes = charts['storm-1-second-event'] as RowsChart
  assert.deepEqual(
    outcomes.rows.map(({ label, text }) => [label, text]),
    [
      ['long-polling, 0.5 gaps later', '25.0 %'],
      ['long-polling, 1 gap later', '50.0 %'],
      ['long-polling, 2 gaps later', '100 %'],
    ],
  )
  assert.deepEqual(
    outcomes.parts.map(({ label, values }) => [label, values]),
    [
      ['met a waiting request', [0.25, 0.5, 1]],
      ['waited in the log', [0.75, 0.5, 0]],
      ['lost', [0, 0, 0]],
    ],
  )
  assert.ok(charts['storm-1-rearm'])
  assert.equal(charts['storm-1-policy-1-connected'], undefined)
  const text = textOf(herd)
  assert.match(text, /long-polling, event 1 0 µs first 1,000 1,000 0 0/)
  assert.match(text, /long-polling, event 2 40\.0 ms 0\.50 1,000 250 750 0/)
  assert.doesNotMatch(text, /never back/)
})

test('holds that ran out have their events and re-arm times, and no share of a gap that nobody measured', () => {
  const charts = chartsOf(holdExpiry())
  assert.equal(charts['storm-1-second-event'], undefined)
  assert.ok(charts['storm-1-rearm'])
  assert.match(textOf(holdExpiry()), /long-polling, event 2 40\.0 ms no data 1,000/)
})

test('measured and simulated stand side by side with their ratio', () => {
  const text = textOf(resultOf([stormMeasurementOf({ technique: 'sse', backoff: 'eventsource' })]))
  assert.match(text, /assumes 210 µs of service time .* notice the loss within 4\.00 ms/)
  assert.match(
    text,
    /technique peak after return model ratio t50 model ratio t99 model ratio sse 1,000 1,040 0\.96/,
  )
})

test('storms stay out of the comparison of baseline runs, which says so', () => {
  const html = formats.html.render(mixed())
  const comparison = html.slice(html.indexOf('id="scenario-1"'), html.indexOf('id="storm-1"'))
  assert.match(comparison, /Runs with a fault are left out here/)
  assert.doesNotMatch(comparison, /full-jitter/)
  assert.doesNotMatch(formats.html.render(fourTechniques()), /left out here/)
  assert.doesNotMatch(formats.html.render(stormSuite()), /id="scenario-1"/)
})

test('a page with storms says what they cannot show', () => {
  const html = formats.html.render(stormSuite())
  for (const limit of ['One storm is one sample.', 'An accept rate is a simple limit', 'for the whole host'])
    assert.ok(html.includes(limit), limit)
  assert.ok(!formats.html.render(fourTechniques()).includes('One storm is one sample.'))
})
