import assert from 'node:assert/strict'
import { test } from 'node:test'
import { comparisonAnswer } from '../../reports/chapters/comparison-answer.ts'
import type { Measurement, Result } from '../../results/result.ts'
import { scenarios } from './arranged.ts'
import { measurementOf, resultOf, unmeasured } from './fixture.ts'
import { four, fourTechniques, troubled, twoScenarios } from './results.ts'

/** The answer of the first scenario, where each run has a tie band of `tie` milliseconds. */
function answer(result: Result, tie = 0) {
  const [scenario] = scenarios({
    ...result,
    measurements: result.measurements.map(each => banded(each, tie)),
  })
  assert.ok(scenario)
  return comparisonAnswer(scenario, false)
}

/** A measurement with a tie band of so many milliseconds. */
const banded = (run: Measurement, tie: number): Measurement => ({
  ...run,
  fleet: { ...run.fleet, loopDelayP99Micros: tie * 1_000 },
})

test('the headline names who is fast, who is slow, and by how much', () => {
  assert.match(
    answer(fourTechniques()).headline,
    /^websocket delivered an event in 1\.51 ms at the median; polling took 1\.01 s, about 6\d\d times as long \(at least 601\)\.$/,
  )
})

test('techniques within the tie band of the fastest are equally fast, and their costs are compared', () => {
  const { headline, sentences } = answer(fourTechniques(), 0.5)
  assert.match(
    headline,
    /^websocket and sse delivered an event in 1\.51–1\.81 ms at the median; polling took 1\.01 s, about 5\d\d times as long \(at least 5\d\d\)\.$/,
  )
  assert.deepEqual(sentences, [
    'Of the 2 that are equally fast, websocket sent clients the least, 132 B an event, and sse the most, 149 B, 1.1 times as much.',
    'Waiting longer saves no egress over websocket: long-polling sent 364 B an event.',
  ])
})

test('a difference of the tie band and no more is a tie, one beyond it is none', () => {
  const pair = resultOf([
    measurementOf({ technique: 'sse', fastest: 1, slowest: 2 }),
    measurementOf({ technique: 'websocket', fastest: 2, slowest: 3 }),
  ])
  assert.match(answer(pair, 1.1).headline, /^Both delivered an event equally fast: in 1\.50–2\.50 ms/)
  assert.match(answer(pair, 0.9).headline, /^sse delivered an event in 1\.50 ms .*; websocket took 2\.50 ms/)
})

test('at least so many times as long is never rounded up', () => {
  const three = resultOf([
    measurementOf({ technique: 'sse', fastest: 1, slowest: 1 }),
    measurementOf({ technique: 'websocket', fastest: 1, slowest: 1 }),
    measurementOf({ technique: 'polling', fastest: 19.9, slowest: 19.9 }),
  ])
  assert.match(answer(three, 0.5).headline, /, about 20 times as long \(at least 19\)\.$/)
})

test('what the bench may have added to the slowest is taken off before it is said to be so many times as long', () => {
  const pair = resultOf([
    measurementOf({ technique: 'sse', fastest: 2, slowest: 2 }),
    measurementOf({ technique: 'polling', fastest: 42, slowest: 42 }),
  ])
  assert.match(answer(pair, 4).headline, /polling took 42\.\d ms, about 21 times as long \(at least 19\)\.$/)
})

test('a technique with a wide band ties by itself and lets no other tie', () => {
  const [sse, late, busy] = [
    banded(measurementOf({ technique: 'sse', fastest: 1, slowest: 1 }), 1),
    banded(measurementOf({ technique: 'long-polling', fastest: 20, slowest: 20 }), 3),
    banded(measurementOf({ technique: 'polling', fastest: 25, slowest: 25 }), 24.9),
  ]
  const [scenario] = scenarios(resultOf([sse, late, busy]))
  assert.ok(scenario)
  const { headline, sentences } = comparisonAnswer(scenario, false)
  assert.match(headline, /^sse and polling delivered .*; long-polling took 20/)
  assert.doesNotMatch(headline, /times/)
  assert.doesNotMatch(sentences.join(' '), /Waiting longer/, 'long-polling waited less than polling')
})

test('of two slowest that chance may have put in this order both are named', () => {
  const result = resultOf([
    measurementOf({ technique: 'sse', fastest: 1, slowest: 1 }),
    measurementOf({ technique: 'polling', fastest: 1, slowest: 1_000 }),
    measurementOf({ technique: 'page-refresh', fastest: 11, slowest: 1_010 }),
  ])
  assert.match(
    answer(result).headline,
    /^sse delivered an event in 1\.00 ms at the median; polling and page-refresh took 503–513 ms, about 5\d\d times as long \(at least 473\)\.$/,
  )
})

test('each sentence of the cost names whom it is about', () => {
  const costs = (...overheads: readonly (readonly [string, number, number])[]): string =>
    answer(
      resultOf(
        overheads.map(([technique, at, overhead]) =>
          measurementOf({ technique, fastest: at, slowest: at, overhead }),
        ),
      ),
      2,
    ).sentences.join(' ')
  assert.equal(
    costs(['sse', 1, 20], ['websocket', 1, 20], ['polling', 90, 400]),
    'The server sent 148 B for each event with sse and websocket. Waiting longer saves no egress over sse: polling sent 528 B an event.',
  )
  assert.match(
    costs(['sse', 1, 20], ['websocket', 1, 200], ['polling', 90, 19]),
    /Waiting longer saves hardly any egress over sse: polling sent 147 B an event\.$/,
  )
})

test('many techniques that tie are counted, not named', () => {
  const many = ['sse', 'websocket', 'fetch-streaming', 'xhr-streaming', 'polling'].map((technique, at) =>
    measurementOf({ technique, fastest: 1 + at / 10, slowest: at === 4 ? 900 : 2 }),
  )
  assert.match(answer(resultOf(many), 5).headline, /^4 of 5 techniques delivered an event in/)
})

test('where waiting saves egress, the answer says what it saves', () => {
  const patient = resultOf([
    measurementOf({ technique: 'sse', overhead: 60 }),
    measurementOf({ technique: 'polling', fastest: 10, slowest: 900, overhead: 2 }),
  ])
  assert.match(
    answer(patient).sentences.join(' '),
    /sse sent clients 188 B for each event\. Waiting longer saves egress: polling sent 130 B an event and took 4\d\d ms\.$/,
  )
})

test('what did not pass is said first and is in no comparison', () => {
  const { headline, sentences } = answer(troubled())
  assert.match(headline, /^long-polling delivered an event in .*; polling took/)
  assert.deepEqual(sentences.slice(0, 2), [
    'sse failed: 120 of 1,000 deliveries were lost (12 %).',
    'websocket failed: the server did not boot within 10 s.',
  ])
})

test('of many that did not pass the answer has the names, and the table the reasons', () => {
  const failed = ['long-polling', 'sse', 'websocket', 'piggyback'].map(unmeasured)
  assert.equal(
    answer(resultOf([measurementOf({ technique: 'polling' }), ...failed])).sentences[0],
    '4 techniques did not pass and are left out: long-polling, sse, websocket and 1 other.',
  )
})

test('one technique is described by its tail and its cost', () => {
  assert.deepEqual(answer(resultOf(four.slice(2, 3).map(measurementOf))), {
    headline: 'sse delivered an event in 1.81 ms at the median.',
    sentences: [
      '99 % of the events of sse came within 3.09 ms.',
      'Each cost 149 B of egress and 0 B of ingress.',
    ],
  })
})

test('nothing that passed is no answer, and says why', () => {
  assert.deepEqual(answer(resultOf([unmeasured('sse')])), {
    headline: 'sse failed: the server did not boot within 10 s.',
    sentences: [],
  })
  assert.match(
    answer(resultOf([unmeasured('sse'), unmeasured('websocket')])).headline,
    /^None of 2 techniques passed/,
  )
})

test('of several scenarios each headline names its own', () => {
  for (const scenario of scenarios(twoScenarios()))
    assert.ok(comparisonAnswer(scenario, true).headline.startsWith(`${scenario.name}: `))
})
