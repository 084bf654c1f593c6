import assert from 'node:assert/strict'
import { test } from 'node:test'
import { milliseconds } from '../../../model/units.ts'
import { agreementOf, type Quantile } from '../../../reports/chapters/agreement.ts'
import { formats } from '../../../reports/index.ts'
import { Histogram } from '../../../results/histogram.ts'
import type { KindFigures, Result, Summary } from '../../../results/result.ts'
import { markupOf } from '../arranged.ts'
import { measurementOf, resultOf } from '../fixture.ts'

/** So many samples, evenly between two latencies in milliseconds. */
function spread(count: number, from: number, to: number): Summary {
  const histogram = new Histogram()
  for (let sample = 0; sample < count; sample++)
    histogram.record(milliseconds(from + ((to - from) * (sample + 0.5)) / count))
  const summary = histogram.summary()
  if (summary === null) throw new Error('a fixture without samples')
  return summary
}

const agreements: readonly [string, Summary | null, Summary | null, Quantile, string | undefined][] = [
  ['10 ms apart', spread(1_000, 0, 10), spread(1_000, 9.9, 19.9), 'p50', 'yes'],
  ['11 ms apart, both sharp', spread(1_000, 0, 1), spread(1_000, 11, 12), 'p50', 'no'],
  ['a tenth apart', spread(1_000, 900, 1_100), spread(1_000, 1_000, 1_198), 'p50', 'yes'],
  ['far apart, many samples', spread(1_000, 0, 100), spread(1_000, 30, 130), 'p50', 'no'],
  ['far apart, few samples', spread(1_000, 0, 100), spread(20, 30, 130), 'p50', 'open'],
  ['far apart, faster, few samples', spread(1_000, 30, 130), spread(20, 0, 100), 'p50', 'open'],
  ['a tail of few samples', spread(1_000, 0, 100), spread(20, 0, 60), 'p99', 'open'],
  ['a tail of few samples that is no different', spread(1_000, 0, 100), spread(499, 0, 100), 'p99', 'open'],
  ['a tail of enough samples', spread(1_000, 0, 100), spread(500, 0, 60), 'p99', 'no'],
  ['a median of few samples', spread(1_000, 0, 1), spread(9, 0, 1), 'p50', 'open'],
  ['no samples', spread(1_000, 0, 100), null, 'p50', undefined],
  ['nothing to compare with', null, spread(20, 0, 1), 'p50', undefined],
]

for (const [name, wire, page, quantile, verdict] of agreements) {
  test(`kinds agree or not: ${name}`, () => {
    assert.equal(agreementOf(wire, page, quantile)?.verdict, verdict)
  })
}

const kind = (change: Partial<KindFigures>): KindFigures => ({
  kind: 'dom',
  clients: 20,
  connected: 20,
  latencyMicros: spread(1_000, 0, 4),
  events: { expected: 1_000, delivered: 1_000, lost: 0, duplicated: 0, outOfOrder: 0 },
  requestBytes: 300,
  clockErrorMicros: null,
  deviation: null,
  ...change,
})

const wire = kind({ kind: 'wire', clients: 100, requestBytes: 528 })

const withKinds = (...all: [technique: string, ...pages: KindFigures[]][]): Result =>
  resultOf(all.map(([technique, ...pages]) => ({ ...measurementOf({ technique }), kinds: [wire, ...pages] })))

const chapterOf = (result: Result): string => markupOf(result, 'page-clients')

test('there is no chapter without page clients', () => {
  assert.equal(chapterOf(resultOf([measurementOf({ technique: 'sse' })])), '')
})

test('the chapter says in how many measurements the medians agree, where not, and where it is unknown', () => {
  const text = chapterOf(
    withKinds(
      ['sse', kind({}), kind({ kind: 'browser', clients: 2 })],
      ['server-push', kind({ latencyMicros: spread(1_000, 100, 140) })],
      ['polling', kind({ kind: 'browser', latencyMicros: null })],
    ),
  )
  assert.match(
    text,
    /agree in 1 of 3 measurements\. They differ in server-push \(pages in jsdom\)\. There are too few samples to decide in polling \(pages in Chromium\)\./,
  )
  assert.match(text, />server-push: 20 pages in jsdom</)
  assert.match(text, />yes, \+0 µs</)
  assert.match(text, />no, \+118 ms</)
})

test('what a buffer still held back from a page is held back, not lost', () => {
  const usual = kind({})
  const held = kind({ events: { ...usual.events, delivered: 970, heldBack: 30 } })
  assert.match(
    chapterOf(withKinds(['sse', held])),
    /<th [^>]*>lost<.*<th [^>]*>held back<[\s\S]*>0<[\s\S]*>30</,
  )
  assert.doesNotMatch(chapterOf(withKinds(['sse', usual])), /held back/)
})

test('deviations and differences of requests stand with their reasons, each said once', () => {
  const accept = { part: 'accept', bytes: -20, reason: 'it takes <anything>' }
  const text = chapterOf(
    withKinds(
      ['sse', kind({ deviation: 'it is slow', requestDifferences: [accept] })],
      [
        'polling',
        kind({
          deviation: 'it is slow',
          requestDifferences: [
            { ...accept, bytes: 13 },
            { part: 'x-page', bytes: 5, reason: null },
          ],
        }),
      ],
    ),
  )
  assert.match(text, /<strong>sse, pages in jsdom; polling, pages in jsdom:<\/strong> it is slow\./)
  assert.match(text, /<strong>accept<\/strong> −20 to \+13\sB: it takes &lt;anything&gt;\./)
  assert.match(text, /<strong>x-page<\/strong> \+5\sB in polling: not explained\./)
  assert.match(text, />528 B<[\s\S]*>300 B</)
})

test('Markdown has the chapter too, the terminal whether the medians agree', () => {
  const result = withKinds(['sse', kind({ deviation: 'it is slow', requestDifferences: [] })])
  const markdown = formats.markdown.render(result)
  assert.match(markdown, /^### Wire clients and real pages$/m)
  assert.match(markdown, /^\| sse: 20 pages in jsdom \| .* \| yes, \\\+0 µs \|/m)
  assert.match(markdown, /^- \*\*sse, pages in jsdom:\*\* it is slow\.$/m)
  assert.match(formats.terminal.render(result), /^Pages: Page and wire medians agree\.$/m)
})

test('requests that were not measured, and those that do not differ, are named as such', () => {
  const unweighed = chapterOf(withKinds(['sse', kind({ requestBytes: null })]))
  assert.doesNotMatch(unweighed, /Bytes per request/)
  const alike = chapterOf(withKinds(['sse', kind({ requestDifferences: [] })]))
  assert.match(alike, /Requests of pages in jsdom and of wire clients are equally long/)
})
