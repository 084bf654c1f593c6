import assert from 'node:assert/strict'
import { test } from 'node:test'
import { kindsOf, pageTrouble, toleranceOf } from '../../../measure/derive/kinds.ts'
import type { PageFleet } from '../../../measure/messages/page-fleet.ts'
import type { ServerReport } from '../../../measure/messages/report.ts'
import type { RequestSums } from '../../../measure/messages/server-counts.ts'
import { measureOnce } from '../../../measure/run/run.ts'
import { milliseconds, seconds } from '../../../model/units.ts'
import type { KindFigures } from '../../../results/result.ts'
import { builtIn, planOf } from '../plan.ts'

const fleet: PageFleet = {
  kind: 'dom',
  userAgent: 'jsdom/',
  module: new URL('../losing-pages.ts', import.meta.url).href,
  clients: 2,
  deviation: null,
  requestReasons: { accept: 'it takes anything' },
}

const none: RequestSums = { requests: 0, line: 0, number: 0, header: {}, body: 0 }

/** The kinds of a run without samples, from the request bytes of one or more servers. */
const weighed = (...servers: Required<Pick<ServerReport, 'requests'>>[]): KindFigures[] =>
  kindsOf(10, [], [{ fleet, report: null }], servers)

test('a mean request is that of the window, over all servers, part by part', () => {
  const wire = { requests: 4, line: 400, number: 8, header: { host: 80, accept: 120, cookie: 2 }, body: 0 }
  const dom = { requests: 2, line: 200, number: 10, header: { host: 40, accept: 20, 'x-page': 30 }, body: 0 }
  const server = {
    requests: { wire: { before: wire, within: wire }, dom: { before: none, within: dom } },
  }
  const [first, page] = weighed(server, server)
  assert.deepEqual(first?.requestParts, {
    requests: 8,
    lineBytes: 100,
    numberBytes: 2,
    headerBytes: { host: 20, accept: 30, cookie: 0.5 },
    bodyBytes: 0,
  })
  assert.equal(first?.requestBytes, 152.5)
  assert.equal(first?.requestDifferences, undefined)
  assert.equal(page?.requestBytes, 150)
  // Half a byte of cookie is not a difference; what has no reason says so.
  assert.deepEqual(page?.requestDifferences, [
    { part: 'accept', bytes: -20, reason: 'it takes anything' },
    { part: 'x-page', bytes: 15, reason: null },
    { part: 'numbers in the URL', bytes: 3, reason: null },
  ])
})

test('where a kind asked for nothing in the window, what all asked before it is compared', () => {
  const connecting = { requests: 1, line: 50, number: 1, header: {}, body: 0 }
  const stray = { requests: 1, line: 70, number: 1, header: {}, body: 0 }
  const [wire, page] = weighed({
    requests: { wire: { before: connecting, within: stray }, dom: { before: connecting, within: none } },
  })
  assert.deepEqual([wire?.requestBytes, page?.requestBytes], [51, 51])
})

test('a kind whose requests were not measured has no mean request and no differences', () => {
  const [wire, page] = weighed({ requests: {} })
  assert.deepEqual(
    [wire?.requestBytes, page?.requestBytes, page?.requestDifferences],
    [null, null, undefined],
  )
})

test('two latencies agree within the larger of 10 ms and a tenth', () => {
  assert.deepEqual([0, 50_000, 100_000, 500_000].map(toleranceOf), [10_000, 10_000, 10_000, 50_000])
})

const page = (change: Partial<KindFigures>, events: Partial<KindFigures['events']> = {}): KindFigures => ({
  kind: 'dom',
  clients: 2,
  connected: 2,
  latencyMicros: null,
  events: { expected: 10, delivered: 10, lost: 0, duplicated: 0, outOfOrder: 0, ...events },
  requestBytes: null,
  clockErrorMicros: null,
  deviation: null,
  ...change,
})

const troubles: readonly [KindFigures[], unexplained: string | null, onRecord: string | null][] = [
  [[page({}), page({ kind: 'browser' })], null, null],
  [[page({ kind: 'wire' }, { lost: 5 })], null, null],
  [[page({}, { lost: 3 })], 'pages in jsdom: 3 of 10 deliveries never came', null],
  [[page({ deviation: 'known' }, { lost: 3 })], null, 'pages in jsdom: 3 of 10 deliveries never came'],
  [
    [page({ connected: 1 }), page({ kind: 'browser' }, { duplicated: 1, outOfOrder: 2 })],
    'pages in jsdom: 1 of 2 were connected when the window opened; pages in Chromium: 1 came more than once, 2 came after a later event',
    null,
  ],
]

test('pages that did not receive as they should are reported, those with a recorded deviation separately', () => {
  for (const [kinds, unexplained, onRecord] of troubles) {
    assert.equal(pageTrouble(kinds, 'unexplained'), unexplained)
    assert.equal(pageTrouble(kinds, 'recorded'), onRecord)
  }
  assert.equal(pageTrouble(undefined, 'unexplained'), null)
})

for (const [deviation, code, passed] of [
  [null, 'page-clients-lost', false],
  ['it is meant to', 'page-clients-deviate', true],
] as const) {
  test(`page clients that lose and duplicate events ${passed ? 'as recorded leave the run valid' : 'make the run invalid'}`, async () => {
    const workload = {
      clients: 2,
      arrivals: 'periodic',
      duration: seconds(1),
      warmup: milliseconds(100),
    } as const
    const measurement = await measureOnce({
      ...planOf(builtIn('sse'), workload),
      pages: [{ ...fleet, deviation }],
    })
    assert.ok(measurement)
    const [wire, dom] = measurement.kinds ?? []
    assert.deepEqual([wire?.events.lost, wire?.events.duplicated], [0, 0])
    assert.deepEqual([dom?.events.lost, dom?.events.duplicated], [20, 20])
    const warning = measurement.warnings.find(each => each.code === code)
    assert.match(
      warning?.message ?? '',
      /^pages in jsdom: 20 of 200 deliveries never came, 20 came more than once/,
    )
    assert.equal(measurement.passed, passed, measurement.failures.join())
  })
}
