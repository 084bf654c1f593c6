/** What each warning means, for the documentation. The message of a run adds its numbers. */
import type { WarningCode } from '../../results/result.ts'

/** One sentence for each code of the closed list, without a full stop. */
export const warningMeanings: Readonly<Record<WarningCode, string>> = {
  aborted: 'a signal cut the window short',
  'boot-failed': 'a process did not start, or the clients could not connect in time; nothing was measured',
  'connect-failed': 'fewer clients than asked for were connected when the window opened',
  'server-died': 'a server process ended before the window did',
  'shard-died': 'a client process ended before the window did',
  'relay-died': 'a relay process ended before the window did',
  'ceiling-failed': 'the run itself is complete, but its ceiling could not be measured',
  'unpublished-events': 'a `--target` did not accept events that were published to it',
  'lost-events': 'deliveries that were due never came',
  'held-back-events':
    'the buffer of the link still held deliveries when the drain ended; no latency counts them',
  'duplicated-events': 'deliveries came more than once',
  'out-of-order-events': 'deliveries came after a later event',
  'page-clients-lost':
    'page clients did not connect, or lost, duplicated or reordered events, and no deviation is recorded for them',
  'page-clients-deviate': 'the same, for page clients whose deviation is recorded',
  'shared-sessions': 'pages of one session took events from each other',
  'log-overrun': 'clients were away for longer than the log reaches; the events themselves are `lost-events`',
  'never-back': 'clients that lost their connection to the fault were not back when the run ended',
  'fault-unnoticed': 'clients did not notice a fault of the link',
  'fault-missed': 'the run ended before its fault happened',
  'attempts-paced-by-machine':
    'the client processes were busy more than 80 % of the time, or clients made fewer than half of the attempts of the model, so that the machine and not the backoff policy set the pace of attempts',
  'connection-errors': 'connections or requests failed although no fault was asked for',
  'foreign-target':
    'the server is a `--target`: bytes are counted at the clients, and what only a server sees is missing',
  'no-samples': 'no event was received in the window',
  'busy-machine':
    'processes outside the run took more than 15 % of the CPU time of the machine in the window (`otherCpuShare`): 0.3 of two cores',
  'generator-saturated':
    'a client process was busy more than 80 % of the window, so that latencies are those of the clients',
  'generator-delay':
    'p99 of the event-loop delay of the clients is above the latency p50 and above 5 ms ([ADR 0018](adr/0018-what-the-bench-adds-is-one-tie-band.md))',
  'server-saturated': 'the server process was busy more than 80 % of the window',
  'late-readings': 'a process read its meters late at an edge of the window, by more than 5 % of its length',
  'relay-saturated':
    'the relay was busy more than 80 % of the window, or itself added more than 10 % of the latency p50',
  'publisher-lag': 'events were published late: p99 of the lag is above the latency p50 and above 5 ms',
  'few-samples': 'p99 comes from fewer than 10,000 samples',
  'few-draws': 'the samples come from fewer than 100 events of shared streams',
  'short-window':
    'a hold, a heartbeat or an idle cut expires fewer than 30 times in the window, though at this rate it should show',
  'single-run': 'every figure is of one run',
  'phase-lock': 'periodic events meet periodic polls at the same phase each time',
  'shared-cores': 'the run has more processes than the machine has cores',
  'memory-noise':
    'memory per client is averaged over fewer than 5,000 clients; only in results of earlier versions, since reports now leave it out',
}
