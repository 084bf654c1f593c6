import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askedOf } from '../../reports/chapters/ceiling.ts'
import { formats, renderTerminal } from '../../reports/index.ts'
import type { Ceiling } from '../../results/result.ts'
import { findings, markupOf, scenarios } from './arranged.ts'
import { measurementOf, resultOf } from './fixture.ts'

const ceilingAt = (requestsPerSecond: number, boundBy: Ceiling['boundBy'] = 'server'): Ceiling => ({
  requestsPerSecond,
  seconds: 2,
  connections: 100,
  request: 'GET /events?stream=0&since=0',
  serverCpuMicrosPerRequest: 90,
  serverUtilization: 0.95,
  generatorUtilization: 0.5,
  boundBy,
  method: 'autocannon',
})

const asking = (technique: string, rate: number, boundBy?: Ceiling['boundBy']) =>
  measurementOf({ technique, emptyRatio: 0.2, ceiling: ceilingAt(rate, boundBy) })

const result = resultOf([
  asking('polling', 10_000),
  asking('page-refresh', 2_500.7, 'generator'),
  measurementOf({ technique: 'sse', cpu: 20 }),
  measurementOf({ technique: 'websocket', cpu: 10 }),
])

const chapterOf = (given: typeof result): string => markupOf(given, 'ceiling')
const renderHtml = formats.html.render

test('streams have no ceiling, however little an event of theirs costs', () => {
  const [scenario] = scenarios(result)
  assert.ok(scenario)
  assert.deepEqual(
    askedOf(scenario).map(each => each.series.label),
    ['polling', 'page-refresh'],
  )
  assert.doesNotMatch(chapterOf(result), /<th scope="row">sse/)
})

test('CPU time per request stands with how busy the server was', () => {
  const text = chapterOf(result)
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
  assert.match(text, /server CPU per request event loop of the server busy polling 10,000\/s 90 µs 95\.0 %/)
})

test('an invalid run has no ceiling to compare', () => {
  const failed = { ...asking('polling', 100), passed: false, failures: ['events were lost'] }
  const [scenario] = scenarios(resultOf([failed]))
  assert.ok(scenario)
  assert.deepEqual(askedOf(scenario), [])
})

test('several runs show their median', () => {
  const runs = [100, 300, 200].map((rate, at) => ({ ...asking('polling', rate), run: at + 1 }))
  const [scenario] = scenarios(resultOf(runs))
  assert.equal(scenario && askedOf(scenario)[0]?.requestsPerSecond, 200)
})

test('the chapter says what set the pace', () => {
  const text = chapterOf(result)
  assert.match(text, /With polling the server was at its limit\./)
  assert.match(text, /With page-refresh the asking process was at its limit, not the server/)
})

test('no format turns requests per second into a number of clients that a server could serve', () => {
  assert.ok(!findings(result).some(({ topic, text }) => topic === 'Ceiling' || /serves? at most/.test(text)))
  for (const text of [
    renderHtml(result),
    formats.markdown.render(result),
    formats.csv.render(result),
    renderTerminal(result, { color: false, width: 200 }),
  ]) {
    assert.doesNotMatch(text, /serves? at most|can serve|acceptable latency|within 0\.5 s/)
  }
  assert.match(chapterOf(result), /This is not a number of clients\./)
})

test('a result without ceilings says nothing of them', () => {
  const without = resultOf([measurementOf({ technique: 'sse' })])
  assert.equal(chapterOf(without), '')
  assert.ok(!findings(without).some(({ topic }) => topic === 'Ceiling'))
  assert.ok(!renderHtml(without).includes('id="ceiling-1"'))
  assert.ok(renderHtml(result).includes('id="ceiling-1-requests"'))
})

test('CPU time per event never stands without how busy the server was', () => {
  const one = measurementOf({ technique: 'sse', cpu: 20 })
  const given = resultOf([{ ...one, server: { ...one.server, utilization: 0.125 } }])
  assert.match(renderTerminal(given, { color: false, width: 200 }), / 20 µs at 12\.5 %\s/)
  assert.match(formats.markdown.render(given), /\| 20 µs at 12\.5 % \|/)
  assert.match(renderHtml(given), />20 µs<\/data> <small class="load">at 12\.5 %<\/small>/)
  assert.match(
    findings(given).find(({ topic }) => topic === 'Server')?.text ?? '',
    /^Server CPU per delivered event was 20 µs with sse \(event loop 12\.5 % busy\)\./,
  )
})
