/** Advice that follows the cause: of each failure what was seen, and what would mend it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RunFacts } from '../../../measure/derive/run-facts.ts'
import type { ErrorCounts, FleetCounts } from '../../../measure/messages/fleet-counts.ts'
import { type Link, plainLink } from '../../../model/link.ts'
import { instant, milliseconds, seconds } from '../../../model/units.ts'
import type { Warning, WarningCode } from '../../../results/result.ts'
import { builtIn, planOf } from '../plan.ts'
import { clientReport, derived, latencies, relayReport, serverReport } from '../reports-of-processes.ts'

const clients = 10
const errorsOf = (errors: Partial<ErrorCounts>): ErrorCounts => ({
  refused: 0,
  reset: 0,
  timeout: 0,
  protocol: 0,
  status: 0,
  ...errors,
})

interface Seen {
  readonly counts?: Partial<FleetCounts>
  readonly errors?: Partial<ErrorCounts>
  readonly details?: FleetCounts['errorDetails']
  readonly link?: Partial<Link>
  readonly foreign?: 'module' | 'target'
  readonly facts?: Partial<RunFacts>
}

const foreignOf = (kind: 'module' | 'target') => ({
  kind,
  name: kind === 'module' ? './mine.ts' : 'http://localhost:1/sub',
  capabilities: [],
  unknown: [],
  ...(kind === 'target' && {
    target: { url: 'http://localhost:1/sub', publish: 'http://localhost:1/pub', pids: [] },
  }),
})

/** What a run of ten clients says; unless given, all of them connected and received what was due. */
function warningsOf({ counts, errors = {}, details = {}, link, foreign, facts }: Seen): Warning[] {
  const plan = planOf(
    { ...builtIn('sse'), ...(foreign && { foreign: foreignOf(foreign) }) },
    { clients, duration: seconds(5), link: link ? { ...plainLink, ...link } : null },
  )
  const report = clientReport({
    connected: clients,
    everConnected: clients,
    expected: 20,
    delivered: 20,
    latency: latencies(20),
    errors: errorsOf(errors),
    errorDetails: details,
    ...counts,
  })
  return derived(plan, { clientReports: [report], ...facts }).warnings
}

/** The warning of a code as one line; undefined where there is none. */
function said(code: WarningCode, seen: Seen): string | undefined {
  const warning = warningsOf(seen).find(each => each.code === code)
  return warning && `${warning.message} -> ${warning.advice}`
}

/** A run in which nothing came, though it was due. */
const silent = { delivered: 0, lost: 20, latency: latencies(0) }
const unconnected = { ...silent, connected: 0, everConnected: 0 }

const failures: Record<string, { seen: Seen; says: RegExp }> = {
  'a wrong path of a target': {
    seen: { foreign: 'target', errors: { status: 7 }, details: { status: 'HTTP status 404 at /wrong' } },
    says: /failed: 7 responses had an unexpected status; the first was 404 at \/wrong -> .*correct the path of --target$/,
  },
  'a wrong path of a module': {
    seen: { foreign: 'module', errors: { status: 1 }, details: { status: 'HTTP status 404 at /sub' } },
    says: /correct the path or the handler of the server$/,
  },
  'a redirect': {
    seen: { errors: { status: 1 }, details: { status: 'HTTP status 302 at /' } },
    says: /clients follow no redirect/,
  },
  'a server that asks for a permission': {
    seen: { errors: { status: 1 }, details: { status: 'HTTP status 401 at /' } },
    says: /asks for a permission/,
  },
  'a server that turns clients away': {
    seen: { errors: { status: 1 }, details: { status: 'HTTP status 503 at /' } },
    says: /turned clients away: .*lower --clients/,
  },
  'a server that errs': {
    seen: { errors: { status: 1 }, details: { status: 'HTTP status 500 at /404' } },
    says: /the server failed while it answered/,
  },
  'a target that ended': {
    seen: { foreign: 'target', errors: { refused: 4 }, details: { refused: 'connect ECONNREFUSED' } },
    says: /connections refused: 4 \(the first: connect ECONNREFUSED\) -> .*--target closed its port or ended during the run/,
  },
  'a machine without ports': {
    seen: { errors: { refused: 4 }, details: { refused: 'connect EADDRNOTAVAIL 127.0.0.1:1' } },
    says: /-> this machine has no local port left/,
  },
  'connections that a server closes': {
    seen: { foreign: 'module', errors: { reset: 3 } },
    says: /connections cut: 3 -> .*see its log and its idle timeout/,
  },
  'connections that the kernel drops': {
    seen: { errors: { reset: 3 }, facts: { listenOverflows: 5 } },
    says: /-> the kernel dropped 5 connections/,
  },
  'answers that a buffer holds back': {
    seen: { link: { buffer: 4_096 }, errors: { timeout: 3 } },
    says: /-> this is what --buffer asks for/,
  },
  'answers that do not come': { seen: { errors: { timeout: 3 } }, says: /-> .*--attempt-timeout/ },
  'a server of another technique': {
    seen: { errors: { protocol: 3 }, details: { protocol: 'content type "text/html"' } },
    says: /\(the first: content type "text\/html"\) -> .*not as sse does: .*--technique/,
  },
}

for (const [name, { seen, says }] of Object.entries(failures)) {
  test(`advice fits ${name}, in its window and where no client connects`, () => {
    const text = said('connection-errors', seen) ?? ''
    assert.match(text, says)
    assert.doesNotMatch(text, /at its limit|--rate/)
    const never = { ...seen, counts: unconnected }
    assert.equal(
      said('connect-failed', never),
      text.replace('connections or requests failed', '0 of 10 clients connected before the window opened'),
    )
    // One cause is reported once.
    for (const code of ['connection-errors', 'no-samples', 'lost-events'] as const)
      assert.equal(said(code, never), undefined)
  })
}

test('several causes are said with their numbers, each piece of advice once', () => {
  const text = said('connection-errors', { errors: { refused: 2, reset: 1 } }) ?? ''
  assert.match(
    text,
    /failed: connections refused: 2, connections cut: 1 -> nothing listened .*; the server closed/,
  )
})

test('connections that the link was asked to cut are no trouble, and what else is cut is', () => {
  const link = { idleCut: milliseconds(300) }
  const cut = (errors: Partial<ErrorCounts>): string | undefined =>
    said('connection-errors', { link, errors, facts: { relays: [relayReport(5, 8)] } })
  assert.equal(cut({ reset: 8 }), undefined)
  assert.match(cut({ reset: 9 }) ?? '', /failed: connections cut: 1 /)
  assert.match(cut({ reset: 8, refused: 1 }) ?? '', /failed: connections refused: 1 /)
})

test('a run to which nothing came says why, and asks for more events only where none were due', () => {
  const none = { ...silent, expected: 0, lost: 0 }
  assert.match(said('no-samples', { counts: none }) ?? '', /none was due -> raise --rate/)
  const held = { ...silent, lost: 0, heldBack: 20 }
  const buffered = said('no-samples', { counts: held, link: { buffer: 'until-end' } }) ?? ''
  assert.match(
    buffered,
    /20 deliveries were due, and the buffer of the link held back 20 -> this is what --buffer/,
  )
  assert.match(
    said('no-samples', { counts: silent, foreign: 'module' }) ?? '',
    /has to be written to the clients/,
  )
  assert.match(
    said('no-samples', { counts: silent, link: { idleCut: milliseconds(300) } }) ?? '',
    /between two cuts of --idle-cut 300ms/,
  )
  for (const counts of [held, silent])
    assert.doesNotMatch(said('no-samples', { counts, link: { buffer: 9 } }) ?? '', /--rate/)
})

test('events that a target does not take are the cause of what is lost', () => {
  const facts = {
    servers: [serverReport({ unpublished: { count: 2, first: 'event 7 was answered HTTP status 404' } })],
  }
  const all = { counts: silent, foreign: 'target', facts } as const
  assert.match(said('unpublished-events', all) ?? '', /-> .*correct the path of --publish$/)
  assert.deepEqual([said('no-samples', all), said('lost-events', all)], [undefined, undefined])
  const some = { ...all, counts: { delivered: 10, lost: 10 } }
  assert.match(
    said('lost-events', some) ?? '',
    /10 of 20 .* -> those that the server did not take are among them/,
  )
})

test('a server that ends is the one cause, with advice on what ended it', () => {
  const ended = (message: string, foreign?: 'module'): Seen => ({
    ...(foreign && { foreign }),
    errors: { refused: 4, reset: 10 },
    facts: { failures: [{ code: 'server-died', message }] },
  })
  const thrown = ended('the server failed: TypeError: no stock', 'module')
  assert.match(
    said('server-died', thrown) ?? '',
    /TypeError: no stock -> .*fix the error above in \.\/mine\.ts and run again/,
  )
  assert.equal(said('connection-errors', thrown), undefined)
  assert.match(
    said('server-died', ended('the server was killed by SIGKILL')) ?? '',
    /-> the numbers end where the server did: .*want of memory/,
  )
})

test('a run that ended before its window has no numbers to qualify, and measured no load', () => {
  const load = {
    late: { open: milliseconds(1), close: milliseconds(1) },
    cpuSeconds: 0,
    rssBytes: 1,
    rssBaselineBytes: 1,
    loopDelayP99Micros: 1,
    utilization: 1,
  }
  const { fleet, warnings } = derived(planOf(builtIn('sse'), { clients }), {
    window: { from: instant(0), to: instant(0) },
    clientReports: [clientReport({ everConnected: clients }, { load })],
    failures: [{ code: 'server-died', message: 'the server exited with code 3' }],
  })
  assert.deepEqual([fleet.utilization, fleet.cpuSeconds], [null, null])
  assert.deepEqual(
    warnings.map(({ code }) => code),
    ['server-died'],
  )
  assert.match(warnings[0]?.advice ?? '', /^nothing was measured: /)
})

const answers = (total: number, technique: 'polling' | 'sse' = 'polling'): string | undefined =>
  derived(planOf(builtIn(technique), { clients: 100, warmup: seconds(1), duration: seconds(10) }), {
    clientReports: [
      clientReport({
        everConnected: 100,
        expected: 1,
        delivered: 1,
        latency: latencies(1),
        responses: total === 0 ? [] : [[0, total, 0]],
      }),
    ],
  }).warnings.find(({ code }) => code === 'short-window')?.message

test('answers that take longer than the warm-up are reported, and those that come short by chance are not', () => {
  // 100 clients with an answer each second would have 1,000; at 1.05 s 952, and 15 less are three standard deviations.
  assert.equal(answers(1_000), undefined)
  assert.equal(answers(938), undefined)
  assert.equal(
    answers(937),
    'a client had an answer every 1067 ms on average, which is longer than the warm-up of 1000 ms',
  )
  assert.match(answers(200) ?? '', /every 5000 ms/)
  assert.equal(answers(0), undefined)
  assert.equal(answers(200, 'sse'), undefined)
})
