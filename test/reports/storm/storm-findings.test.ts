import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sectionsOf } from '../../../reports/chapters/index.ts'
import { answerOf } from '../../../reports/chapters/summary.ts'
import { readingOf } from '../../../results/reading.ts'
import type { Result } from '../../../results/result.ts'
import { findings } from '../arranged.ts'
import { resultOf } from '../fixture.ts'
import {
  herdMeasurementOf,
  mixed,
  stallMeasurementOf,
  stormMeasurementOf,
  stormSuite,
  troubledStorms,
} from '../storms.ts'

function answer(result: Result): string[] {
  const reading = readingOf(result)
  const { headline, sentences } = answerOf(reading, sectionsOf(reading))
  return [headline, ...sentences]
}
const textsOf = (result: Result, topic: string): string[] =>
  findings(result)
    .filter(each => each.topic === topic)
    .map(each => each.text)

test('the summary of a storm names the fault, the techniques and the policies', () => {
  assert.deepEqual(textsOf(stormSuite(), 'Storm, restart'), [
    'restart:down=2s hit polling, long-polling, sse and websocket with 1,000 clients, which reconnect with backoff none, eventsource and full-jitter, to a server that accepts at most 1,000 connections per second.',
  ])
  assert.deepEqual(textsOf(stormSuite(), 'Storm, herd'), [
    'With herd the 1,000 clients of polling and long-polling ask again at once.',
  ])
})

test('peak and tail come with their numbers, highest peak first, and what the lowest costs', () => {
  const storm = (backoff: 'eventsource' | 'full-jitter') =>
    stormMeasurementOf({ technique: 'sse', backoff, acceptRate: 1_000 })
  const [text = ''] = textsOf(resultOf([storm('full-jitter'), storm('eventsource')]), 'Peak and tail')
  assert.match(
    text,
    /^sse: with eventsource 1,000 attempts came within 100 ms, of 1,000 clients, and 99 % were back 1\.94 s after the server's return; full-jitter kept the peak at 1\d\d and took 7\.\d\d s from the server's return until 99 % were back instead of 1\.94 s\.$/,
  )
})

test('a peak of more attempts than clients counts as attempts', () => {
  const [text = ''] = textsOf(stormSuite(), 'Peak and tail')
  assert.match(text, /^polling: with none 3,000 attempts came within 100 ms, 3 per client/)
  assert.match(
    text,
    /; with eventsource 1,000, and 99 % were back 1\.94 s after the server's return; full-jitter kept/,
  )
})

test('many techniques are summed up by policy, not one by one', () => {
  const many = resultOf(
    Array.from({ length: 8 }, (_, at) =>
      stormMeasurementOf({ technique: `technique-${at}`, backoff: 'eventsource', clients: 50 }),
    ),
  )
  assert.deepEqual(textsOf(many, 'Peak and tail').length, 1)
  assert.match(
    textsOf(many, 'Peak and tail')[0] ?? '',
    /^eventsource: a peak of 50 arrivals per 100 ms, t99 1\.05 s from the server's return, by technique\.$/,
  )
})

test('the summary names clients that never came back, losses and faults that nobody noticed', () => {
  const result = troubledStorms()
  assert.deepEqual(textsOf(result, 'Back again'), [
    '37 of 1,000 clients never came back with sse · restart.',
    'No client of long-polling · blackhole noticed the fault.',
  ])
  const [lost, kept] = textsOf(result, 'Events')
  assert.equal(lost, 'sse · restart lost 120 deliveries for good.')
  assert.match(
    kept ?? '',
    /^Nothing was lost for good.*a listen queue of the host was full, with long-polling · blackhole 3\.$/,
  )
  assert.match(textsOf(result, 'Peak and tail')[0] ?? '', /fewer than 99 % came back\.$/)
  assert.match(
    textsOf(result, 'Storm, restart')[0] ?? '',
    /websocket · restart failed: the server did not come back\. polling · restart failed: the server did not boot within 10 s\.$/,
  )
})

test('the summary says what clients that were not back had yet to ask for', () => {
  const away = stormMeasurementOf({ technique: 'sse', neverBack: 37 })
  const result = resultOf([{ ...away, events: { ...away.events, outstanding: 370 } }])
  assert.match(
    textsOf(result, 'Events')[0] ?? '',
    /^Nothing was lost for good.* sse: clients that were not back had yet to ask for 370 deliveries\.$/,
  )
})

test('the summary of a stall says how late events were, and what came late to those that had stopped', () => {
  const result = resultOf([stallMeasurementOf('sse'), stallMeasurementOf('polling')])
  assert.deepEqual(textsOf(result, 'Fault, stall'), [
    'stall hit sse and polling with 1,000 clients, and ended no connection by itself.',
  ])
  const [text = '', other = ''] = textsOf(result, 'Latency')
  assert.match(
    text,
    /^sse: p50 [\d.]+ ms, p99 [\d.]+ ms, maximum [\d.]+ m?s over the measured window\. 200 of 1,000 clients stopped reading; 4,000 deliveries came late to them, by 500 ms in the median and 1\.00 s at most, and all had come 12\.0 ms after they read again\.$/,
  )
  assert.match(other, /^polling: /)
  assert.deepEqual(textsOf(result, 'Back again'), [])
  assert.deepEqual(textsOf(result, 'Peak and tail'), [])
  assert.deepEqual(textsOf(result, 'Events'), ['Nothing was lost for good.'])
})

test('invalid runs are in no comparison of storms', () => {
  for (const each of findings(troubledStorms()).filter(({ topic }) => !topic.startsWith('Storm')))
    assert.doesNotMatch(each.text, /websocket|polling · restart/)
})

test('nothing lost is said once, with what came from the log later', () => {
  assert.deepEqual(textsOf(stormSuite(), 'Events'), [
    'Nothing was lost for good: 48,000 deliveries that were due meanwhile came from the log later.',
    'Nothing was lost for good.',
  ])
})

test('the summary of a herd has its re-arm times and the outcome of the second event', () => {
  const [text = ''] = textsOf(resultOf([herdMeasurementOf('long-polling')]), 'Herd')
  assert.match(
    text,
    /^long-polling: half of the clients asked again within 8\d\.\d ms of their answer, 99 % within 15\d ms; of second events that came 0\.5, 1 and 2 median gaps later, 25\.0 %, 50\.0 % and 100 % of the deliveries met a waiting request, the others waited in the log, and none was lost\.$/,
  )
})

test('the model is compared with the measurement as a ratio', () => {
  assert.match(
    textsOf(mixed(), 'Model')[0] ?? '',
    /^Compared with a simulation of the same storms, the measured peak after the return was 0\.9\d(–0\.9\d)? times the model's, t50 1\.02 times the model's and t99 1\.02 times the model's\.$/,
  )
})

test('storms are compared with storms, runs without a fault with each other', () => {
  assert.equal(textsOf(stormSuite(), 'Latency').length, 0)
  assert.equal(textsOf(stormSuite(), 'Workload').length, 0)
  assert.match(textsOf(mixed(), 'Workload')[0] ?? '', /^2 techniques under one workload: 100 clients/)
})

test('a storm answers with the highest and the lowest peak, by client, and what each took', () => {
  const [headline = '', times = '', ...more] = answer(stormSuite())
  assert.match(
    headline,
    /^After restart, \S+ · none made 3,000 attempts within 100 ms, 3 per client; \S+ · full-jitter only \d+\.$/,
  )
  assert.match(
    times,
    /^With \S+ · none 99 % were back 991 ms after the server's return, with \S+ · full-jitter 99 % were back 7\.\d\d s after the server's return\.$/,
  )
  assert.deepEqual(more.slice(0, 1), ['Every affected client came back.'])
  assert.match(more[1] ?? '', /^After herd, 99 % of the clients had asked again within/)
})

test('a time that is of few clients says of how many', () => {
  const few = stormMeasurementOf({ technique: 'sse', clients: 7 })
  const many = stormMeasurementOf({ technique: 'websocket', backoff: 'eventsource' })
  assert.match(answer(resultOf([few, many])).join(' '), /99 % of 7 affected clients were back [\d.]+ s after/)
  assert.doesNotMatch(answer(resultOf([many])).join(' '), /affected clients were back/)
})

/** A server that takes 5.11 s to return for `none` and 2.05 s for `full-jitter`; 990 clients take 1.98 s at its accept rate. */
const unequal = (): Result =>
  resultOf([
    stormMeasurementOf({ technique: 'sse', backoff: 'none', serverBack: 5.11 }),
    stormMeasurementOf({ technique: 'sse', backoff: 'full-jitter', serverBack: 2.05 }),
  ])

test('how long a server took to return is not held against a backoff', () => {
  const said = 'The servers returned 2.05–5.11 s after the fault: times from the fault do not compare.'
  const sentences = answer(unequal())
  assert.match(
    sentences[1] ?? '',
    /^With sse · none 99 % were back 2\.00 s after the server's return, with sse · full-jitter 99 % were back [4-9]\.\d+ s after/,
  )
  assert.ok(sentences.includes(said), sentences.join(' '))
  assert.deepEqual(textsOf(unequal(), 'Server return'), [said])
  assert.doesNotMatch(answer(stormSuite()).join(' '), /do not compare/)
})

test('that all came back and nothing was lost is said of passed runs only, and not by the median of runs', () => {
  const fine = stormMeasurementOf({ technique: 'sse' })
  const failed = stormMeasurementOf({
    technique: 'websocket',
    neverBack: 500,
    lost: 120,
    failures: ['events were lost'],
  })
  assert.deepEqual(textsOf(resultOf([fine, failed]), 'Back again'), [
    'In the runs that passed, every affected client came back.',
  ])
  assert.match(
    textsOf(resultOf([fine, failed]), 'Events')[0] ?? '',
    /^In the runs that passed, nothing was lost/,
  )
  const runs = [0, 37, 0].map((neverBack, at) =>
    stormMeasurementOf({ technique: 'sse', run: at + 1, neverBack }),
  )
  assert.deepEqual(textsOf(resultOf(runs), 'Back again'), [
    'up to 37 of 1,000 clients never came back with sse.',
  ])
})

test('a storm of which no run passed says so, with a reason', () => {
  const failed = stormMeasurementOf({ technique: 'sse', failures: ['the server did not come back'] })
  assert.deepEqual(answer(resultOf([failed])), [
    'No run that met restart passed.',
    'sse failed: the server did not come back.',
  ])
})
