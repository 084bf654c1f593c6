/** What every report says about its own numbers: how they were taken, and what they cannot tell. */

import type { Result } from '../results/result.ts'

/** A rule of the method: a few words, then the rule. */
export interface Note {
  readonly title: string
  readonly text: string
}

const method: readonly Note[] = [
  {
    title: 'Latency counts from the intended instant.',
    text: 'A schedule fixes the moment of every event before the run. A server or a publisher that stalls makes its late events late; it cannot hide them.',
  },
  {
    title: 'Correctness comes before speed.',
    text: 'Every client keeps a ledger of what came once, twice, out of order or never. A technique that lost or doubled events in a run without faults has failed, however fast it was.',
  },
  {
    title: 'Only the measured window counts.',
    text: 'Connecting, warm-up and the drain at the end lie outside. An event that has not come by the end of the drain is lost and is never dropped from the count.',
  },
  {
    title: 'Bytes are application bytes at the server sockets.',
    text: 'HTTP headers, chunk frames and WebSocket frames are included, in both directions. TCP, IP and TLS are not. Clients send the headers that a browser sends unless the run asked for fewer.',
  },
  {
    title: 'Server and clients live in processes of their own.',
    text: 'Each run starts fresh ones, and their CPU and memory are told apart. CPU per delivered event is user and system time of one side, divided by deliveries.',
  },
  {
    title: 'CPU per event holds for one load.',
    text: "An idle event loop wakes up for each request, a busy one for many: the same poll took 89 µs of CPU at 500 requests/s and 17 µs at 54,000/s. So the figure stands with the server's utilisation, is not compared across workloads, and nothing is extrapolated from it.",
  },
  {
    title: 'All receivers of one broadcast event are one draw.',
    text: 'A thousand clients that get the same event at once are not a thousand independent samples of its time. What counts for certainty is the number of events, and above it the number of runs.',
  },
  {
    title: 'Predictions are closed forms.',
    text: 'Where a formula gives the share of empty responses for the setting, it stands beside the measured value, never in its place.',
  },
]

const throughRelay: Note = {
  title: 'The link is a relay of our own.',
  text: 'Clients connect to a process that holds every byte back for half the round trip, lets it wait for the bandwidth, and passes it on in order, with half-closes, resets and back-pressure. A new connection waits one round trip for its handshake. What the relay itself adds is measured for each piece that it forwards, from when it was due to when it left; it stands in the summary and is part of every latency. Bytes are still those at the server sockets, before any buffer or chunk of the relay.',
}

const modelOnly: Note = {
  title: 'The link is a model.',
  text: 'The relay knows delay, jitter, bandwidth, buffers and idle time. It loses no packet, and has no congestion control, slow start or TLS: a real path is slower at first and stalls where it loses something.',
}

const loopback: Note = {
  title: 'Loopback hides the network.',
  text: 'Without a link (--rtt and its like), the gap between a response and the next request is a fraction of a millisecond, so the weakness of long polling scarcely shows; packet loss, TLS and slow links do not show at all.',
}

const storms: Note = {
  title: 'A storm is watched from both sides.',
  text: 'Clients tell when they set out, the server when it took them, both counted in windows of 100 ms. They are kept apart because a busy server hides the peak that hits it. A client is back once the server would deliver the next event to it, for good: a connection that breaks again does not count. t50 to t100 are of all affected clients, so that who never came back is not averaged away.',
}

const stormLimits: readonly Note[] = [
  {
    title: 'A storm is one draw.',
    text: 'Jitter is random: another seed gives another peak. A window of 100 ms that lies otherwise gives another as well, of synchronised clients up to half of it. Repeat with -n before calling two policies different.',
  },
  {
    title: 'An accept rate is a brake, not a server.',
    text: 'Where one was set, the server takes connections evenly and at no cost. A loaded one slows down as its queue grows, and then loses attempts to timeouts.',
  },
  {
    title: 'Listen overflows are of the whole host.',
    text: 'The kernel counts them for all programs together. Any other listener that was full at that time is in them.',
  },
]

const relayed = ({ measurements }: Result): boolean => measurements.some(each => each.workload.link !== null)
const struck = ({ measurements }: Result): boolean => measurements.some(each => each.workload.fault !== null)
const straight = ({ measurements }: Result): boolean =>
  measurements.length === 0 || measurements.some(each => each.workload.link === null)

const limits: readonly Note[] = [
  {
    title: 'The clients share the machine with the server.',
    text: 'They compete for its cores. A warning says so when the fleet, not the server, may have set the pace.',
  },
  {
    title: 'No real proxy, cache or mobile network stood in between.',
    text: 'Many of them hold back, cut or merge streams, which changes the ranking more than any number here.',
  },
  {
    title: 'The clients are no browsers.',
    text: 'They speak the same bytes, but lay out no page and run no page script; a browser adds its own delay and its limit of six connections per host.',
  },
  {
    title: 'Another machine gives other totals.',
    text: 'Compare slopes and ratios with figures from elsewhere, not milliseconds.',
  },
]

/** The method in short. */
export const methodNotes = (result: Result): readonly Note[] => [
  ...method,
  ...(relayed(result) ? [throughRelay] : []),
  ...(struck(result) ? [storms] : []),
]

/** What no number of a result can tell. */
export const limitNotes = (result: Result): readonly Note[] => [
  ...(straight(result) ? [loopback] : []),
  ...(relayed(result) ? [modelOnly] : []),
  ...limits,
  ...(struck(result) ? stormLimits : []),
]
