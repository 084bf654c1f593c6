import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setupPhrases } from '../../reports/subject.ts'
import type { Result } from '../../results/result.ts'
import { findings } from './arranged.ts'
import { measurementOf, resultOf, unmeasured } from './fixture.ts'
import { fifteen, four, fourTechniques, repeated, troubled, twoScenarios } from './results.ts'

const textOf = (result: Result, topic: string): string | undefined =>
  findings(result).find(each => each.topic === topic)?.text

test('the summary names the extremes with numbers, units and factors', () => {
  const result = fourTechniques()
  assert.equal(
    textOf(result, 'Workload'),
    '4 techniques under one workload: 100 clients, 2 events/s per stream, individual, Poisson arrivals, 128 B payload, 5 s measured. All 4 passed: no event was lost or duplicated.',
  )
  assert.match(
    textOf(result, 'Latency') ?? '',
    /^Median latency was lowest with websocket and sse \(1\.51–1\.81 ms\) and highest with polling \(1\.01 s\)\. The 99th percentile was lowest with websocket/,
  )
  assert.equal(
    textOf(result, 'Bandwidth'),
    'Egress, the bytes to clients for one delivered event, was lowest with websocket (132 B) and highest with long-polling and polling (364–368 B): at least 2.8 times as many. Ingress, the bytes from clients, was lowest with sse and websocket (0 B) and highest with long-polling and polling (605–610 B).',
  )
  assert.equal(
    textOf(result, 'Empty responses'),
    'Responses without an event: 13.5 % with polling, where the closed form predicts 13.5 %; 0 % with long-polling, where the closed form predicts 0.0001 %.',
  )
})

test('one run is never called more than one run', () => {
  const text = textOf(fourTechniques(), 'Certainty') ?? ''
  assert.match(text, /ran once/)
  for (const each of findings(fourTechniques())) assert.doesNotMatch(each.text, /significan/i)
})

test('repeated runs are reported as medians', () => {
  assert.match(textOf(repeated(), 'Certainty') ?? '', /median across 3 runs/)
  assert.match(textOf(repeated(), 'Latency') ?? '', /lowest with sse \(2\.\d+ ms\)/)
  const uneven = resultOf([
    measurementOf({ technique: 'sse', run: 1 }),
    measurementOf({ technique: 'sse', run: 2 }),
    measurementOf({ technique: 'websocket' }),
  ])
  assert.match(textOf(uneven, 'Certainty') ?? '', /median across 1 to 2 runs/)
})

test('a technique that failed is named with its reason and left out of every comparison', () => {
  const all = findings(troubled())
  assert.deepEqual(
    all.filter(each => each.topic === 'Failed').map(each => each.text),
    ['sse: 120 of 1,000 deliveries were lost (12 %).', 'websocket: the server did not boot within 10 s.'],
  )
  assert.match(textOf(troubled(), 'Workload') ?? '', /2 passed; 2 others did not and are left out/)
  const compared = all.filter(each => ['Latency', 'Bandwidth', 'Server'].includes(each.topic))
  assert.equal(compared.length, 3)
  for (const each of compared) assert.doesNotMatch(each.text, /sse|websocket/)
})

test('one technique is described without a comparison', () => {
  const result = resultOf(four.slice(2, 3).map(measurementOf))
  assert.match(textOf(result, 'Workload') ?? '', /^1 technique: .* It passed/)
  assert.equal(
    textOf(result, 'Latency'),
    'Median latency was 1.81 ms with sse. The 99th percentile was 3.09 ms with sse.',
  )
  assert.equal(textOf(result, 'Empty responses'), undefined)
})

test('nothing that passed, nothing compared', () => {
  const result = resultOf([unmeasured('sse'), unmeasured('websocket')])
  assert.match(textOf(result, 'Workload') ?? '', /None passed, so nothing is compared/)
  assert.equal(textOf(result, 'Latency'), undefined)
  for (const each of findings(result)) assert.doesNotMatch(each.text, /NaN|undefined|null|Infinity/)
})

test('no measurement at all', () => {
  assert.deepEqual(findings(resultOf([])), [{ topic: 'No data', text: 'No measurement was made.' }])
  assert.deepEqual(
    findings(resultOf([], { aborted: true })).map(each => each.topic),
    ['Aborted', 'No data'],
  )
})

test('what was asked for and never started is named', () => {
  const planned = (technique: string, run = 1) => ({
    technique,
    scenario: 'steady',
    run,
    fault: null,
    backoff: 'rfc6455',
  })
  const stopped = resultOf([measurementOf({ technique: 'sse' })], {
    aborted: true,
    notMeasured: [planned('sse', 2), planned('sse', 3), planned('websocket'), planned('websocket', 2)],
  })
  assert.equal(
    textOf(stopped, 'Aborted'),
    'The run was stopped early: the numbers are partial. Not measured: sse from run 2 on and websocket.',
  )
  assert.equal(setupPhrases(stopped)[0], '1 of 2 techniques')
  assert.equal(setupPhrases(fourTechniques())[0], '4 techniques')
})

test('each scenario has its own findings', () => {
  const topics = findings(twoScenarios()).map(each => each.topic)
  assert.ok(topics.includes('Latency, steady'))
  assert.ok(topics.includes('Latency, burst'))
  assert.match(
    textOf(twoScenarios(), 'Workload, steady') ?? '',
    /^2 settings of 1 technique under one workload/,
  )
})

test('the summary stays short with many techniques', () => {
  assert.ok(findings(fifteen()).every(each => each.text.length < 400))
})
