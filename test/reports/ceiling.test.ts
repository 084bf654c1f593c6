import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  acceptableSeconds,
  askedOf,
  connectionWords,
  pollingClients,
} from '../../reports/chapters/ceiling-findings.ts'
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

test('clients are requests per second times the acceptable latency, never rounded up', () => {
  assert.deepEqual(
    acceptableSeconds.map(latency => pollingClients(2_500.7, latency)),
    [1_250, 2_500, 5_001, 12_503, 25_007],
  )
})

test('streams have no ceiling, however little an event of theirs costs', () => {
  const [scenario] = scenarios(result)
  assert.ok(scenario)
  assert.deepEqual(
    askedOf(scenario).map(each => each.series.label),
    ['polling', 'page-refresh'],
  )
  const text = chapterOf(result)
  assert.doesNotMatch(text, /extrapolated|<th scope="row">sse/)
  assert.match(text, /Streams have no request ceiling and are left out/)
})

test('CPU time per request stands with the utilisation that it holds for', () => {
  const text = chapterOf(result)
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
  assert.match(text, /server CPU per request server utilisation polling 10,000\/s 90 µs 95\.0 %/)
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

test('the chapter has a table of techniques by acceptable latency', () => {
  const text = chapterOf(result)
  assert.match(text, /within 0\.5 s.*within 1 s.*within 2 s.*within 5 s.*within 10 s/s)
  assert.match(text, />polling<\/th>.*5,000.*10,000.*20,000.*50,000.*100,000/s)
  assert.match(text, /at least 1,250/)
  assert.match(text, /empty answer/)
  assert.match(text, /With polling the server was at its limit\./)
  assert.match(text, /With page-refresh the asking process was at its limit, not the server/)
})

test('the limits of connections come from the environment', () => {
  assert.match(connectionWords(result), /65,436 by the file descriptors .* 25,4\d\d by the ports/)
  const unknown = { ...result, environment: { ...result.environment, fdLimit: null, portRange: null } }
  assert.match(connectionWords(unknown), /not known/)
  const dashed = { ...result, environment: { ...result.environment, portRange: '32768-60999' } }
  assert.equal(connectionWords(dashed), connectionWords(result))
})

test('the summary has one finding of the ceiling, with numbers', () => {
  const text = findings(result).find(({ topic }) => topic === 'Ceiling')?.text
  assert.equal(
    text,
    'Where 1 s of latency is acceptable, one server process serves at most 2,500 clients with page-refresh (2,501/s) to 10,000 clients with polling (10,000/s). This counts empty polls; with events the number is lower.',
  )
})

test('a result without ceilings says nothing of them', () => {
  const without = resultOf([measurementOf({ technique: 'sse' })])
  assert.equal(chapterOf(without), '')
  assert.ok(!findings(without).some(({ topic }) => topic === 'Ceiling'))
  assert.ok(!renderHtml(without).includes('id="ceiling-1"'))
  assert.ok(renderHtml(result).includes('id="ceiling-1-clients"'))
})

test('CPU time per event never stands without the utilisation of the server', () => {
  const one = measurementOf({ technique: 'sse', cpu: 20 })
  const given = resultOf([{ ...one, server: { ...one.server, utilization: 0.125 } }])
  assert.match(renderTerminal(given, { color: false, width: 200 }), / 20 µs at 12\.5 % /)
  assert.match(formats.markdown.render(given), /\| 20 µs at 12\.5 % \|/)
  assert.match(renderHtml(given), />20 µs<\/data><small>at 12\.5 %<\/small>/)
  assert.match(
    findings(given).find(({ topic }) => topic === 'Server')?.text ?? '',
    /^Server CPU per delivered event was 20 µs with sse \(server 12\.5 % busy\)\./,
  )
})
