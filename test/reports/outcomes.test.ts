/**
 * What a team reads when a gate fails: every output of a crash, of a regression and of a threshold that is not met, as
 * files that a person has read. "node --test --test-update-snapshots" rewrites them: read them again.
 */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { compareResults } from '../../compare/compare.ts'
import { gateFormats } from '../../reports/gate/index.ts'
import { formats } from '../../reports/index.ts'
import { readingOf } from '../../results/reading.ts'
import type { Measurement, Result } from '../../results/result.ts'
import { readThreshold, thresholdOutcomes } from '../../results/thresholds.ts'
import { measurementOf, resultOf, warningOf } from './fixture.ts'

/** Ten runs whose latency at p99 is around some milliseconds. */
function runs(p99: number, change: (run: Measurement) => Partial<Measurement> = () => ({})): Result {
  const measurements = Array.from({ length: 10 }, (_, index) => {
    const run = measurementOf({ technique: 'sse', run: index + 1 })
    const { latencyMicros } = run
    assert.ok(latencyMicros)
    const tail = Math.round(p99 * 1_000 * (1 + ((index * 7) % 10) / 200))
    return { ...run, latencyMicros: { ...latencyMicros, p99: tail, p999: tail, max: tail }, ...change(run) }
  })
  return resultOf(measurements)
}

function crashed({ run }: Measurement): Partial<Measurement> {
  const message = `the server failed: TypeError: no such room (at src/rooms.ts:12:9), 1.${run} s into the measured window; it wrote last: loading rooms | ::error::token ***`
  const advice = 'the numbers end where the server did: fix the error above in ./server.ts and run again'
  return { passed: false, failures: [message], warnings: [{ ...warningOf('server-died', message), advice }] }
}

const condition = 'median(latency.p99) < 200ms'
const threshold = readThreshold(condition)
assert.ok('value' in threshold)
const thresholds = [threshold.value]

const [base, slow] = [runs(150), runs(205)]
const names = { base: '../main', head: '.' }
const comparisons = {
  crash: compareResults(base, runs(150, crashed), { names }),
  regression: compareResults(base, slow, { names }),
  threshold: compareResults(slow, slow, { names, thresholds }),
}
const reports = {
  crash: runs(150, crashed),
  threshold: { ...slow, thresholds: thresholdOutcomes(thresholds, readingOf(slow)) },
}

const folder = join(import.meta.dirname, '../golden/outcomes')

/** The text of a page, an element a line: how it looks is held elsewhere. */
const pageText = (html: string): string =>
  html
    .replace(/<(script|style|svg)\b.*?<\/\1>/gs, '')
    .replace(/^.*<body[^>]*>/s, '')
    .replace(/<(?:\/?(?:strong|span|code|time)\b[^>]*)>/g, '')
    .replace(/<[^>]*>/g, '\n')
    .replace(/[\s\u00a0]*\n[\s\u00a0]*/g, '\n')
    .trim()
    .concat('\n')

/** The outputs of a gate; CSV is for programs. */
const read = ['terminal', 'markdown', 'html', 'junit', 'annotations'] as const

/** What none of the outputs may leave out. */
const said = { crash: /no such room/, regression: /latency.{0,4}p99/, threshold: /median.{0,4}latency/ }

for (const outcome of ['crash', 'regression', 'threshold'] as const)
  describe(`a comparison with a ${outcome}`, () => {
    for (const name of [...read, 'json'] as const)
      test(name, context => {
        const { fileName, render } = gateFormats[name]
        const text = render(comparisons[outcome], {})
        const file = join(folder, outcome, name === 'html' ? 'comparison-page.txt' : fileName)
        context.assert.fileSnapshot(name === 'html' ? pageText(text) : text, file, { serializers: [String] })
        assert.match(text, said[outcome])
      })
  })

for (const [outcome, result] of Object.entries(reports))
  describe(`a run with a ${outcome}`, () => {
    for (const name of read)
      test(name, context => {
        const { fileName, render } = formats[name]
        const text = name === 'html' ? pageText(render(result)) : render(result)
        // What comes after the answer and the first table is the same for any result.
        const lines = name === 'html' || name === 'markdown' ? text.split('\n').slice(0, 30).join('\n') : text
        const file = join(folder, outcome, `run-${name === 'html' ? 'report-page.txt' : fileName}`)
        context.assert.fileSnapshot(lines, file, { serializers: [String] })
        assert.match(text, outcome === 'crash' ? /no such room/ : /median of 10 runs/)
      })
  })

test('the result of a run says as JSON which threshold is not met', () => {
  const [outcome] = reports.threshold.thresholds
  assert.deepEqual([outcome?.condition, outcome?.met, outcome?.failures[0]?.of], [condition, false, 10])
})
