/**
 * Why connections and requests failed, and what to do about it. A cause that the run itself asked for is named as
 * such: cuts of an idle link are no trouble, and a buffer that holds answers back makes clients wait in vain.
 */
import { formatDuration } from '../../model/quantity.ts'
import { micros } from '../../model/units.ts'
import type { ErrorCounts } from '../messages/fleet-counts.ts'
import type { RunFacts } from './run-facts.ts'
import type { Sighting } from './warning-kind.ts'

/** Failures of one cause. */
interface Failures {
  readonly count: number
  /** What the first of them said. */
  readonly detail: string
  readonly facts: RunFacts
}

/** How a cause is called, and what to do about it. */
interface Cause {
  readonly name: string
  /** What is said of its failures, where that is not the name and the number. */
  readonly says?: (failures: Failures) => string
  readonly advice: (failures: Failures) => string
}

const causes: Readonly<Record<keyof ErrorCounts, Cause>> = {
  status: { name: 'responses with an unexpected status', says: statusesSeen, advice: statusAdvice },
  refused: {
    name: 'connections refused',
    advice: ({ detail, facts: { plan } }) =>
      /\bEADDRNOTAVAIL\b/.test(detail)
        ? 'this machine has no local port left: lower --clients, or widen net.ipv4.ip_local_port_range ("doctor" shows it)'
        : plan.pair.foreign?.target === undefined
          ? 'nothing listened at that address: the server closed its port, or ended'
          : 'nothing listened at that address any more: the --target closed its port or ended during the run, see its log',
  },
  reset: { name: 'connections cut', advice: resetAdvice },
  timeout: {
    name: 'no answer in time',
    advice: ({ facts: { plan } }) =>
      plan.workload.link?.buffer == null
        ? 'the server was too busy to answer, or never answers this request: see its log, and --attempt-timeout for how long clients wait'
        : 'this is what --buffer asks for: the link holds back what would show a client that it is connected',
  },
  protocol: {
    name: 'answers of another technique',
    advice: ({ facts: { plan } }) =>
      `the server answered, but not as ${plan.pair.technique} does: check the path, the content type and --technique`,
  },
}

/** Which statuses mean what; the first that fits is said. */
const statusAdvices: readonly { readonly status: RegExp; readonly advice: (path: string) => string }[] = [
  { status: /^3/, advice: () => 'clients follow no redirect: give the address that it leads to' },
  {
    status: /^(404|405|410|501)$/,
    advice: path => `the server does not serve that path: correct ${path}`,
  },
  {
    status: /^(401|403|407)$/,
    advice: () => 'the server asks for a permission that clients do not have: let it serve them without one',
  },
  {
    status: /^(429|503)$/,
    advice: () => 'the server turned clients away: raise its limit of clients, or lower --clients',
  },
  { status: /^5/, advice: () => 'the server failed while it answered: see its log' },
]

/** Advice on an answer that is no success; null for a detail that names none of the known statuses. */
function adviceOnStatus(detail: string, path: string): string | null {
  const status = /\bHTTP status (\d{3})\b/.exec(detail)?.[1] ?? ''
  return statusAdvices.find(each => each.status.test(status))?.advice(path) ?? null
}

function statusesSeen({ count, detail }: Failures): string {
  const first = detail === '' ? '' : `; the first was ${detail.replace(/^HTTP status /, '')}`
  return `${count === 1 ? '1 response' : `${count} responses`} had an unexpected status${first}`
}

function statusAdvice({ detail, facts: { plan } }: Failures): string {
  const path =
    plan.pair.foreign?.target === undefined ? 'the path or the handler of the server' : 'the path of --target'
  return adviceOnStatus(detail, path) ?? 'the server answered, but not with events: see its log'
}

/** Advice on events that a target did not take. @param first what became of the first of them */
export const publishAdvice = (first: string): string =>
  adviceOnStatus(first, 'the path of --publish') ??
  'the server under test rejected these events, so no client could receive them: see its log'

function resetAdvice({ facts: { plan, listenOverflows } }: Failures): string {
  if ((listenOverflows ?? 0) > 0)
    return `the kernel dropped ${listenOverflows} connections that the server did not accept in time: lower --clients, or raise net.core.somaxconn`
  return plan.pair.foreign === undefined
    ? 'the server closed connections in use: it may be short of file descriptors, "doctor" shows the limits'
    : 'the server, or a proxy in front of it, closed connections in use: see its log and its idle timeout'
}

/** How many connections the link closed because they were idle, from the first client to the last. */
const idleCuts = ({ relays }: RunFacts): number =>
  relays.reduce((sum, { idleCutsInAll }) => sum + idleCutsInAll, 0)

/** Failures that the run asked for: a client whose idle connection the link closes sees it cut. */
const asked = (cause: keyof ErrorCounts, facts: RunFacts): number => (cause === 'reset' ? idleCuts(facts) : 0)

const detailOf = (cause: keyof ErrorCounts, { clientReports }: RunFacts): string =>
  clientReports.find(({ counts }) => counts.errorDetails[cause])?.counts.errorDetails[cause] ?? ''

/**
 * What went wrong with connections and requests, with advice for each cause; null where nothing did but what was
 * asked for.
 */
export function connectionTrouble(errors: ErrorCounts, facts: RunFacts): Sighting | null {
  const seen = (Object.keys(causes) as (keyof ErrorCounts)[]).flatMap(cause => {
    const count = errors[cause] - asked(cause, facts)
    if (count <= 0) return []
    const { name, says, advice } = causes[cause]
    const failures = { count, detail: detailOf(cause, facts), facts }
    const first = failures.detail === '' ? '' : ` (the first: ${failures.detail})`
    return { message: says?.(failures) ?? `${name}: ${count}${first}`, advice: advice(failures) }
  })
  return seen.length === 0
    ? null
    : {
        message: seen.map(({ message }) => message).join(', '),
        advice: [...new Set(seen.map(({ advice }) => advice))].join('; '),
      }
}

/** Advice on a run whose link or server lets nothing pass, though events were due. */
export function noSamplesAdvice({ plan }: RunFacts, heldBack: number): string {
  const { link } = plan.workload
  if (heldBack > 0 && link != null)
    return `this is what --buffer asks for: the response of a stream does not ${link.buffer === 'until-end' ? 'end' : 'fill it'}, so nothing passes; a technique whose responses end gets through`
  const cut = link?.idleCut ?? null
  if (cut !== null)
    return `nothing was delivered between two cuts of --idle-cut ${formatDuration(micros(cut))}: give a longer one, or a shorter heartbeat`
  return plan.pair.foreign === undefined
    ? 'events were due and clients connected, and still nothing came: see "connected" and the other warnings'
    : 'events were due and clients connected: what is published has to be written to the clients of its stream'
}
