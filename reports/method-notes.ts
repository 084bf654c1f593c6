/** What every report says about its own numbers: how they were taken, and what they cannot tell. */

/** A rule of the method: a few words, then the rule. */
export interface Note {
  readonly title: string
  readonly text: string
}

/** The method in short. */
export const methodNotes: readonly Note[] = [
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
    title: 'All receivers of one broadcast event are one draw.',
    text: 'A thousand clients that get the same event at once are not a thousand independent samples of its time. What counts for certainty is the number of events, and above it the number of runs.',
  },
  {
    title: 'Predictions are closed forms.',
    text: 'Where a formula gives the share of empty responses for the setting, it stands beside the measured value, never in its place.',
  },
]

/** What no number here can tell. */
export const limitNotes: readonly Note[] = [
  {
    title: 'Loopback hides the network.',
    text: 'Without an injected delay, the gap between a response and the next request is a fraction of a millisecond, so the weakness of long polling scarcely shows; packet loss, TLS and slow links do not show at all.',
  },
  {
    title: 'The clients share the machine with the server.',
    text: 'They compete for its cores. A warning says so when the fleet, not the server, may have set the pace.',
  },
  {
    title: 'No proxy, cache or mobile network stood in between.',
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
