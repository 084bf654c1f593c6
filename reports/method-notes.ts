/** What every report says about its own numbers: how they were measured, and what they cannot show. */

import type { Result } from '../results/result.ts'

/** A rule of the method: a few words, then the rule. */
export interface Note {
  readonly title: string
  readonly text: string
}

const method: readonly Note[] = [
  {
    title: 'Latency counts from the intended instant.',
    text: 'A schedule fixes the instant of every event before the run. When a server or the publisher stalls, its events count as late; a stall cannot hide.',
  },
  {
    title: 'Correctness comes before speed.',
    text: 'Every client records which events came once, twice, out of order or never. A technique that lost or duplicated events in a run without faults has failed, however fast it was.',
  },
  {
    title: 'Only the measured window counts.',
    text: 'Connecting, warm-up and the drain at the end do not count. An event that has not come by the end of the drain is lost and stays in the count.',
  },
  {
    title: 'Bytes are application bytes at the server sockets.',
    text: 'HTTP headers, chunk frames and WebSocket frames are included, in both directions. TCP, IP and TLS are not. Clients send the headers that a browser sends unless the run asked for fewer.',
  },
  {
    title: 'Server and clients run in separate processes.',
    text: 'Each run starts new processes, and each side has its own CPU and memory figures. CPU per delivered event is user and system time of one side, divided by deliveries.',
  },
  {
    title: 'CPU per event holds for one load.',
    text: "An idle event loop wakes up for each request, a busy one for many: the same poll took 89 µs of CPU at 500 requests/s and 17 µs at 54,000/s. So the figure comes with the share of time that the server's event loop was busy. That is by the clock, waiting for a core included: where other processes take the cores it is far above the CPU time. Do not compare it across workloads or extrapolate from it.",
  },
  {
    title: 'All receivers of one broadcast event count as one sample.',
    text: 'A thousand clients that get the same event at once are not a thousand independent samples. Certainty comes from the number of events, and even more from the number of runs.',
  },
  {
    title: 'Predictions are closed forms.',
    text: 'Where a formula gives the share of empty responses for a setting, the report shows it next to the measured value and never in its place.',
  },
]

const throughRelay: Note = {
  title: 'The link is a relay process.',
  text: 'Clients connect to a process that delays every byte by half the round trip, limits the bandwidth, and forwards bytes in order, with half-closes, resets and back-pressure. A new connection waits one round trip for its handshake. The relay measures its own delay for each piece that it forwards; the summary shows it, and it is part of every latency. Bytes are still those at the server sockets, before any buffer or chunk of the relay.',
}

const modelOnly: Note = {
  title: 'The link is a model.',
  text: 'The relay knows delay, jitter, bandwidth, buffers and idle time. It loses no packets and has no congestion control, slow start or TLS. A real path is slower at first and stalls when it loses a packet.',
}

const loopback: Note = {
  title: 'Loopback hides the network.',
  text: 'Without a link (--rtt and its like), the gap between a response and the next request is a fraction of a millisecond, so the weakness of long polling hardly shows. Packet loss, TLS and slow links do not show at all.',
}

const storms: Note = {
  title: 'A storm is measured on both sides.',
  text: 'Clients report when they begin an attempt, the server when it accepts a connection, both in windows of 100 ms. The two counts stay separate because a busy server hides the peak that hits it. A client is back once the server would deliver the next event to it; a connection that breaks again does not count. t50 to t100 cover all affected clients, so clients that never came back count too.',
}

const stormLimits: readonly Note[] = [
  {
    title: 'One storm is one sample.',
    text: 'Jitter is random: another seed gives another peak. Shifting the windows of 100 ms changes the peak too, for synchronised clients by up to half. Repeat with -n before you call two policies different.',
  },
  {
    title: 'An accept rate is a simple limit, not a loaded server.',
    text: 'With a limit the server accepts connections evenly and at no cost. A loaded server slows down as its queue grows, and then attempts time out.',
  },
  {
    title: 'Listen overflows count for the whole host.',
    text: 'The kernel counts them for all programs together, so other full listeners are included.',
  },
]

const relayed = ({ measurements }: Result): boolean => measurements.some(each => each.workload.link !== null)
const faulted = ({ measurements }: Result): boolean => measurements.some(each => each.workload.fault !== null)
const straight = ({ measurements }: Result): boolean =>
  measurements.length === 0 || measurements.some(each => each.workload.link === null)

const limits: readonly Note[] = [
  {
    title: 'The clients share the machine with the server.',
    text: 'They compete for its cores. A warning appears when the fleet, not the server, may have set the pace.',
  },
  {
    title: 'There was no real proxy, cache or mobile network.',
    text: 'Many of them delay, cut or merge streams, which can change the ranking more than any number here.',
  },
  {
    title: 'The clients are not browsers.',
    text: 'They send the same bytes, but render no page and run no page script. A browser adds its own delay and allows six connections per host.',
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
  ...(faulted(result) ? [storms] : []),
]

/** What no number of a result can show. */
export const limitNotes = (result: Result): readonly Note[] => [
  ...(straight(result) ? [loopback] : []),
  ...(relayed(result) ? [modelOnly] : []),
  ...limits,
  ...(faulted(result) ? stormLimits : []),
]
