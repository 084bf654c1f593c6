/**
 * Lean wire clients must measure what a real page would: in the same run, the page's own code in jsdom and in Chromium
 * sees the same latency in every technique, and each difference of its requests is documented.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Measurement, type RunOptions, run } from '../../index.ts'
import { toleranceOf } from '../../measure/derive/kinds.ts'
import { deviationOf, type PageKind, type PageTechnique } from '../../pages/index.ts'
import { requestDifferences } from '../../pages/request-differences.ts'
import { live } from '../live.ts'

/** A load that two cores carry with room to spare, next to a browser. */
type Load = Pick<RunOptions, 'audience' | 'arrivals' | 'rate' | 'duration' | 'set'>
type Kind = NonNullable<Measurement['kinds']>[number]

const fleet = { clients: 200, domClients: 20, browserClients: 2, warmup: '500ms', ceiling: '0' } as const

/**
 * Each event has reached its receivers before the next. What comes within 50 ms of another is documented for
 * Chromium's XMLHttpRequest.
 */
const stream: Load = { audience: 'broadcast', arrivals: 'periodic', rate: '10/s', duration: '2s' }

/** Held requests hear a stream each: a broadcast has all ask again at once, and the cores decide who waits. */
const held: Load = { audience: 'individual', rate: '3/s', duration: '3s' }

/**
 * Waits are spread over an interval. Periodic events whose period does not divide it meet its every part alike, so
 * that the pages, few as they are, have the median of the many within seconds.
 */
const timed = (set: string, duration = '3s'): Load => ({
  audience: 'broadcast',
  arrivals: 'periodic',
  rate: '23/s',
  duration,
  set: [set],
})

/** Every technique with a page script: the compiler refuses one that is not measured. */
const loads = {
  // A whole cycle, so that two pages meet every part of it; and no shorter one, because jsdom parses 30 KB each time.
  'page-refresh': timed('page-refresh.interval=4s', '4s'),
  'busy-polling': timed('busy-polling.pause=100ms'),
  polling: timed('polling.interval=100ms'),
  'jsonp-polling': timed('jsonp-polling.interval=100ms'),
  // Many acts make up for the luck of two users.
  piggyback: { ...timed('piggyback.action=80ms', '6s'), rate: '11/s' },
  'long-polling': held,
  'script-long-polling': held,
  'forever-frame': stream,
  'page-streaming': stream,
  'xhr-streaming': stream,
  'multipart-xhr': stream,
  // Each event is a page of 30 KB for each of 222 clients.
  'server-push': { audience: 'individual', rate: '1/s', duration: '4s' },
  sse: stream,
  'fetch-streaming': stream,
  websocket: stream,
} satisfies Record<PageTechnique, Load>

/** The differences of requests that were seen, as kind, part and technique; by technique. */
const seen = new Map<PageTechnique, [PageKind, string, PageTechnique][]>()

const p50 = ({ latencyMicros }: Kind): number => latencyMicros?.p50 ?? Number.NaN

/**
 * Pages whose median is not that of the wire clients, in words; null where all that should agree do.
 * @param laterMicros how much later pages receive everything, by a planted fault
 */
function apart(technique: PageTechnique, [wire, ...pages]: readonly Kind[], laterMicros = 0): string | null {
  if (wire === undefined) return 'nothing was measured'
  const far = pages
    .filter(({ kind }) => deviationOf(technique, kind as PageKind)?.slower !== true)
    // Written so that a kind without samples is apart from any other.
    .filter(page => !(Math.abs(p50(page) + laterMicros - p50(wire)) <= toleranceOf(p50(wire))))
  return far.length === 0
    ? null
    : far.map(page => `${page.kind} p50 ${p50(page)} us, wire ${p50(wire)} us`).join('; ')
}

/** Everybody received everything once, and every difference of requests has a reason. */
function assertSound(technique: PageTechnique, kinds: readonly Kind[]): void {
  assert.deepEqual(
    kinds.map(({ kind, connected, events }) => [kind, connected, events.lost, events.duplicated]),
    [
      ['wire', 200, 0, 0],
      ['dom', 20, 0, 0],
      ['browser', 2, 0, 0],
    ],
  )
  const differences = kinds.flatMap(({ kind, requestBytes, requestDifferences: found = [] }) => {
    assert.ok(requestBytes !== null && requestBytes > 100, `${kind}: ${requestBytes} bytes a request`)
    assert.deepEqual(
      found.filter(({ reason }) => reason === null),
      [],
      `unexplained differences of ${kind}`,
    )
    return found.map(({ part }): [PageKind, string, PageTechnique] => [kind as PageKind, part, technique])
  })
  seen.set(technique, differences)
}

for (const [technique, load] of Object.entries(loads) as [PageTechnique, Load][]) {
  let measured: readonly Kind[] = []
  live<number>(`200 wire clients, 20 pages in jsdom and 2 in Chromium agree on ${technique}`, {
    async property(laterMicros) {
      // The fault is planted in what was measured: another run would take as long and show nothing else.
      if (laterMicros === undefined || measured.length === 0) {
        const result = await run({ ...fleet, ...load, technique })
        const { kinds, failures } = result.measurements[0] ?? {}
        assert.ok(kinds, failures?.join() ?? 'nothing was measured')
        assertSound(technique, kinds)
        measured = kinds
      }
      assert.equal(apart(technique, measured, laterMicros), null)
    },
    planted: { fault: 1_000_000, is: 'pages that are 1 s late', shows: /p50/ },
  })
}

test('every documented difference of requests exists', t => {
  if (seen.size < Object.keys(loads).length) return t.skip('not every technique was measured')
  const found = [...seen.values()].flat()
  const onRecord = Object.entries(requestDifferences).flatMap(([kind, parts]) =>
    Object.entries(parts).flatMap(([part, reason]) =>
      typeof reason === 'string'
        ? [[kind, part]]
        : Object.keys(reason).map(technique => [kind, part, technique]),
    ),
  )
  const stale = onRecord.filter(entry => !found.some(each => entry.every((word, at) => word === each[at])))
  assert.deepEqual(stale, [])
})
