import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { type Trend, type TrendLine, trendOf } from '../../../compare/trend.ts'
import { launchChromium } from '../../../pages/chromium.ts'
import { renderTrendCsv } from '../../../reports/trend/trend-csv.ts'
import { renderTrendHtml } from '../../../reports/trend/trend-html.ts'
import { renderTrendTerminal } from '../../../reports/trend/trend-terminal.ts'
import type { Result } from '../../../results/result.ts'
import { drawing, normal } from '../../compare/random-samples.ts'
import { measurementOf, resultOf, warningOf } from '../fixture.ts'
import { hashOf, historyOf, level, stepped } from '../histories.ts'
import { hostile } from '../results.ts'
import { stormMeasurementOf } from '../storms.ts'

const trend = (results: readonly Result[], ...rest: [] | [Parameters<typeof trendOf>[1]]): Trend => {
  const [first, ...more] = results
  assert.ok(first)
  return trendOf([first, ...more], ...rest)
}
const line = ({ lines }: Trend, name: string, label = 'sse'): TrendLine => {
  const found = lines.find(({ metric, series }) => metric === name && series.label === label)
  assert.ok(found, `no line of ${name}`)
  return found
}

describe('a history', () => {
  test('marks the commit from which a level holds, and whether it is for the better', () => {
    const found = line(trend(stepped()), 'egress.perDelivery').changes
    assert.deepEqual(
      found.map(({ at, improved }) => ({ at, improved })),
      [{ at: 12, improved: false }],
    )
    const back = line(trend(historyOf([...level(240, 12), ...level(200, 10)])), 'egress.perDelivery')
    assert.deepEqual(
      back.changes.map(({ improved }) => improved),
      [true],
    )
  })
  test('follows the order of measuring, not that of the files', () => {
    assert.deepEqual(trend(stepped().toReversed()), trend(stepped()))
  })
  test('takes the results of one commit as one point, with the median of their runs', () => {
    const [first, second, third] = historyOf([{ bytes: 100 }, { bytes: 300 }, { bytes: 200 }])
    assert.ok(first && second && third)
    const again = { ...second, environment: first.environment }
    const { points, lines } = trend([first, again, third], ['bytes.perDelivery'])
    assert.deepEqual(
      points.map(({ commit }) => commit),
      [hashOf(0), hashOf(2)],
    )
    const runs = [first, again].map(({ measurements }) => measurements[0]?.bytes.perDelivery ?? 0)
    assert.equal(lines[0]?.values[0], ((runs[0] ?? 0) + (runs[1] ?? 0)) / 2)
  })
  test('takes results that name no commit as a point each', () => {
    const results = stepped().map(result => ({
      ...result,
      environment: { ...result.environment, gitCommit: null },
    }))
    assert.equal(trend(results).points.length, results.length)
  })
  test('leaves the speed of an invalid run out, and keeps what it lost', () => {
    const message = '5 deliveries never came'
    const results = historyOf([
      { bytes: 200 },
      {
        bytes: 200,
        change: ({ events }) => ({
          passed: false,
          failures: [message, 'the server died'],
          warnings: [warningOf('lost-events', message), warningOf('server-died', 'the server died')],
          events: { ...events, lost: 5 },
        }),
      },
      { bytes: 200, change: ({ events }) => ({ events: { ...events, lost: 5 } }) },
    ])
    const found = trend(results)
    assert.equal(line(found, 'egress.perDelivery').values[1], null)
    assert.deepEqual(line(found, 'events.lost').values, [0, null, 5])
  })
  test('says where something other than the code changed', () => {
    const results = stepped().map((result, index) =>
      index < 5 ? result : { ...result, environment: { ...result.environment, node: 'v27.0.0' } },
    )
    const differing = trend(results).points.flatMap(({ differences }, at) =>
      differences.map(({ name, base, head }) => [at, name, base, head]),
    )
    assert.deepEqual(differing, [[5, 'environment.node', 'v26.10.0', 'v27.0.0']])
    assert.match(renderTrendHtml(trend(results)), /environment\.node from v26\.10\.0 to v27\.0\.0/)
  })
  test('keeps the commits whose clients never came back, and marks where they begin', () => {
    const results = Array.from({ length: 20 }, (_, at) => {
      const measured = stormMeasurementOf({ technique: 'sse', clients: 100, neverBack: at < 10 ? 0 : 5 })
      const startedAt = new Date(Date.UTC(2026, 0, 1 + at)).toISOString()
      const plain = resultOf([measured], { startedAt })
      return { ...plain, environment: { ...plain.environment, gitCommit: hashOf(at) } }
    })
    const found = trend(results, ['storm.backP99'])
    assert.equal(found.lines[0]?.values[10], Number.POSITIVE_INFINITY)
    assert.deepEqual(
      found.lines[0]?.changes.map(({ at, after, improved }) => [at, after, improved]),
      [[10, Number.POSITIVE_INFINITY, false]],
    )
    assert.match(renderTrendTerminal(found), /worse {2}sse in storm: storm\.backP99 {2}\d\.\d+ s -> never$/m)
    assert.match(renderTrendCsv(found), /,inf\r\n$/)
  })
  test('has no line for what is 0 throughout', () => {
    const names = trend(stepped()).lines.map(each => each.metric)
    assert.ok(!names.includes('events.lost'))
    assert.ok(names.includes('latency.p99'))
  })
})

/** Results of 20 commits with 120 techniques each, all of whose bytes scatter alike; `bytes` can change that. */
function scattered(label: string, bytes: (at: number, place: number) => number = () => 200): Result[] {
  const random = drawing('trend', label)
  const [like, plain] = [measurementOf({ technique: 'sse' }), resultOf([])]
  return Array.from({ length: 20 }, (_, at) => ({
    ...plain,
    startedAt: new Date(Date.UTC(2026, 0, 1 + at)).toISOString(),
    environment: { ...plain.environment, gitCommit: hashOf(at) },
    measurements: Array.from({ length: 120 }, (_, place) => ({
      ...like,
      technique: `technique-${place}`,
      bytes: { ...like.bytes, perDelivery: bytes(at, place) * Math.exp(0.1 * normal(random)) },
    })),
  }))
}

describe('over 120 lines', () => {
  const marksOf = (results: readonly Result[]): TrendLine[] =>
    trend(results, ['bytes.perDelivery']).lines.filter(({ changes }) => changes.length > 0)

  test('of 40 histories in which nothing changed, no more than 1 in 20 has a mark, but for chance', () => {
    const marked = Array.from({ length: 40 }, (_, each) => marksOf(scattered(`calm ${each}`)).length > 0)
    // 2 expected at 5 %; 6 or more come 1 time in 70.
    const count = marked.filter(Boolean).length
    assert.ok(count <= 5, `${count} of 40`)
  })

  test('a large step in one of them is found, and in no other', () => {
    const marked = marksOf(scattered('step', (at, place) => (place === 7 && at >= 10 ? 400 : 200)))
    assert.deepEqual(
      marked.map(({ series, changes }) => [series.label, changes.map(({ at, improved }) => [at, improved])]),
      [['technique-7', [[10, false]]]],
    )
  })
})

test('a level of the same median is neither better nor worse', () => {
  // From the 22nd commit on, nearly each second value is an outlier, and the median stays.
  const values = Array.from({ length: 42 }, (_, at) => (at > 20 && at < 41 && at % 2 ? 400 : 200))
  const [like, plain] = [measurementOf({ technique: 'sse' }), resultOf([])]
  const results = values.map((perDelivery, at) => ({
    ...plain,
    startedAt: new Date(Date.UTC(2026, 0, 1 + at)).toISOString(),
    environment: { ...plain.environment, gitCommit: hashOf(at) },
    measurements: [{ ...like, bytes: { ...like.bytes, perDelivery } }],
  }))
  const found = trend(results, ['bytes.perDelivery'])
  const [change] = found.lines[0]?.changes ?? []
  assert.deepEqual([change?.before, change?.after, change?.improved], [200, 200, null])
  assert.match(renderTrendTerminal(found), / {2}changed {2}sse in steady/)
})

describe('the CSV that Otava reads', () => {
  const rows = (results: readonly Result[]): string[][] =>
    renderTrendCsv(trend(results))
      .trimEnd()
      .split('\r\n')
      .map(row => row.split(','))

  test('has a time, a commit and a column for each metric of each series', () => {
    const [header = [], first = [], ...more] = rows(stepped({ techniques: ['sse', 'websocket'] }))
    assert.deepEqual(header.slice(0, 3), ['time', 'commit', 'steady/sse/latency.p50'])
    assert.ok(header.includes('steady/websocket/egress.perDelivery'))
    assert.equal(first[0], '2026-01-01 12:00:00 +0000')
    assert.equal(first[1], hashOf(0))
    for (const row of [first, ...more]) assert.equal(row.length, header.length)
    assert.ok(
      [first, ...more].every(row => row.slice(2).every(field => field !== '' && Number.isFinite(+field))),
    )
  })
  test('leaves a field empty where a technique was not measured', () => {
    const results = historyOf([...level(200, 3), ...level(200, 3, { techniques: ['sse', 'websocket'] })])
    const [header = [], first = [], ...more] = rows(results)
    const at = header.indexOf('steady/websocket/egress.perDelivery')
    assert.equal(first[at], '')
    assert.notEqual(more.at(-1)?.[at], '')
  })
  test('golden file', context => {
    context.assert.fileSnapshot(
      renderTrendCsv(trend(stepped(), ['bytes.perDelivery', 'events.delivered'])),
      join(import.meta.dirname, '../../golden/trend.csv'),
      { serializers: [String] },
    )
  })
})

test('the terminal names the commit, the direction and both levels', () => {
  const text = renderTrendTerminal(trend(stepped(), ['bytes.perDelivery']))
  assert.match(
    text,
    /^22 commits, 1 line, 1 change of level\n000cc0f {2}worse {2}sse in steady: bytes\.perDelivery/,
  )
  assert.match(text, /19\d|200 B -> 2[34]\d B \(\+\d+\.\d %\)/)
})

test('the page draws a chart for each metric, marks the change, and loads nothing', async () => {
  const page = renderTrendHtml(
    trend(stepped({ techniques: ['polling', 'sse', 'websocket'] }), [
      'latency.p50',
      'bytes.perDelivery',
      'server.cpuPerDelivery',
    ]),
  )
  const browser = await launchChromium()
  try {
    const tab = await browser.newPage({ viewport: { width: 1280, height: 900 } })
    const problems: string[] = []
    tab.on('console', message => message.type() === 'error' && problems.push(message.text()))
    tab.on('pageerror', error => problems.push(error.message))
    tab.on('request', request => request.url().startsWith('http') && problems.push(request.url()))
    await tab.setContent(page, { waitUntil: 'load' })
    assert.deepEqual(problems, [])
    const drawn = (): Promise<string[]> =>
      tab
        .locator('canvas')
        .evaluateAll(all => all.map(each => (each as unknown as { toDataURL: () => string }).toDataURL()))
    const lines = await drawn()
    assert.equal(lines.length, 3)
    await tab.getByText('Techniques shown').click()
    await tab.getByRole('button', { name: 'None' }).click()
    const bare = await drawn()
    assert.ok(lines.every((each, at) => each !== bare[at]))
    assert.deepEqual(await tab.locator('#changes tbody th').allTextContents(), [
      '000cc0f',
      '000cc0f',
      '000cc0f',
    ])
    const narrow = await browser.newPage({ viewport: { width: 390, height: 900 } })
    await narrow.setContent(page, { waitUntil: 'load' })
    for (const each of [tab, narrow])
      assert.equal(await each.evaluate('document.documentElement.scrollWidth <= innerWidth'), true)
  } finally {
    await browser.close()
  }
})

test('text of a result stays text, on the page, in the CSV and on a terminal', () => {
  const found = trend([hostile()])
  assert.ok(found.lines.length > 0)
  const page = renderTrendHtml(found)
  assert.doesNotMatch(page.replace(/<script[\s\S]*?<\/script>/g, ''), /<img|<b>/)
  const [header = ''] = renderTrendCsv(found).split('\r\n')
  assert.doesNotMatch(header, /(^|,)"?=/)
  assert.equal(renderTrendTerminal(found).includes('\u001b'), false)
})

test('a history that is too short for any mark says how many commits one needs', () => {
  const results = scattered('short').slice(0, 3)
  const text = renderTrendTerminal(trend(results, ['bytes.perDelivery']))
  assert.match(text, /Too few commits to mark any change: with 120 lines, a mark needs at least 1[56]\./)
  assert.doesNotMatch(renderTrendTerminal(trend(scattered('long'), ['bytes.perDelivery'])), /Too few commits/)
})
