/** Warnings about events that were lost, duplicated or late, for wire clients and for page clients. */
import { publishAdvice } from './connection-trouble.ts'
import { pageTrouble } from './kinds.ts'
import { everConnected, type RunFacts, unpublishedEvents } from './run-facts.ts'
import type { Sighting, WarningKind } from './warning-kind.ts'

/** Events that the server did not take were lost before it could deliver them. */
const lostEvents = (message: string, facts: RunFacts): string | Sighting =>
  unpublishedEvents(facts) > 0
    ? { message, advice: 'those that the server did not take are among them: mend that first' }
    : message

/** The warnings about the deliveries of a run, in order. */
export const deliveryWarnings: readonly WarningKind[] = [
  {
    code: 'unpublished-events',
    rank: 'invalid',
    advice: 'the server under test rejected these events, so no client could receive them: see its log',
    rule: (_, facts) => {
      const { servers, plan } = facts
      const count = unpublishedEvents(facts)
      const first = servers.find(({ unpublished }) => unpublished?.first)?.unpublished?.first
      return count > 0
        ? {
            message: `${count} events were rejected by ${plan.pair.foreign?.target?.publish}: ${first}`,
            advice: publishAdvice(first ?? ''),
          }
        : null
    },
  },
  {
    code: 'lost-events',
    rank: 'invalid',
    advice: 'a technique that loses events is not fast but broken: find the loss before comparing',
    // With a fault, a log that is too short for the time that clients are away is a result, and says what is gone.
    // Where no client ever was connected, or no event was published, that is the cause, and reported as such.
    rule: ({ events, storm, latencyMicros }, facts) =>
      events.lost > (storm === undefined ? 0 : events.overrun) &&
      facts.failures.length === 0 &&
      everConnected(facts) > 0 &&
      (latencyMicros !== null || unpublishedEvents(facts) === 0)
        ? lostEvents(`${events.lost} of ${events.expected} deliveries never came`, facts)
        : null,
  },
  {
    code: 'held-back-events',
    rank: 'bias',
    advice:
      'they are late, not lost, and no latency counts them; a stream needs a proxy without a buffer, or padding that fills it',
    rule: ({ events: { heldBack = 0, expected } }) =>
      heldBack > 0
        ? `${heldBack} of ${expected} deliveries were still in the buffer of the link when the drain ended`
        : null,
  },
  {
    code: 'shared-sessions',
    rank: 'bias',
    advice:
      'pages of one session that share a queue take events from each other: give each page a cursor of its own',
    rule: ({ events, pages, workload }) =>
      events.takenByOther > 0 && pages !== null
        ? `${workload.pagesPerSession} pages share the queue of each session and took ${events.takenByOther} of ${events.expected} deliveries from each other: ${pages.map(({ page, missed, expected }) => `page ${page} missed ${missed} of ${expected}`).join(', ')}`
        : null,
  },
  {
    code: 'log-overrun',
    rank: 'bias',
    advice:
      "the server's log was too short for the time that clients were away: raise --log or reconnect sooner",
    rule: ({ events, workload }) =>
      events.overrun > 0
        ? `${events.overrun} deliveries had left the log of ${workload.logEvents} events`
        : null,
  },
  {
    code: 'duplicated-events',
    rank: 'invalid',
    advice: 'a page would act twice on one event: find out why before comparing',
    rule: ({ events }) =>
      events.duplicated > 0 ? `${events.duplicated} deliveries came more than once` : null,
  },
  {
    code: 'out-of-order-events',
    rank: 'invalid',
    advice: 'a page would replace a newer state by an older one',
    rule: ({ events }) =>
      events.outOfOrder > 0 ? `${events.outOfOrder} deliveries came after a later event` : null,
  },
  {
    code: 'page-clients-lost',
    rank: 'invalid',
    advice: "the page's own code does not do what the wire clients do: find out why before trusting either",
    rule: ({ kinds }, { failures }) => (failures.length === 0 ? pageTrouble(kinds, 'unexplained') : null),
  },
  {
    code: 'page-clients-deviate',
    rank: 'note',
    advice: 'how these pages differ is documented, so the run is valid; read their figures with that in mind',
    rule: ({ kinds }, { failures }) => (failures.length === 0 ? pageTrouble(kinds, 'recorded') : null),
  },
]
