/** Warnings about events that were lost, duplicated or late, for wire clients and for page clients. */
import { pageTrouble } from './kinds.ts'
import type { WarningKind } from './warning-kind.ts'

/** The warnings about the deliveries of a run, in order. */
export const deliveryWarnings: readonly WarningKind[] = [
  {
    code: 'unpublished-events',
    advice: 'the server under test rejected these events, so no client could receive them: see its log',
    fatal: true,
    rule: (_, { servers, plan: { pair } }) => {
      const count = servers.reduce((sum, { unpublished }) => sum + (unpublished?.count ?? 0), 0)
      const first = servers.find(({ unpublished }) => unpublished?.first)?.unpublished?.first
      return count > 0 ? `${count} events were rejected by ${pair.foreign?.target?.publish}: ${first}` : null
    },
  },
  {
    code: 'lost-events',
    advice: 'a technique that loses events is not fast but broken: find the loss before comparing',
    fatal: true,
    // Events that the log no longer held, and those missed by clients that never reconnected, are a storm's result.
    rule: ({ events, storm }, { failures }) =>
      events.lost > (storm === undefined ? 0 : events.overrun) &&
      (storm?.neverBack ?? 0) === 0 &&
      failures.length === 0
        ? `${events.lost} of ${events.expected} deliveries never came`
        : null,
  },
  {
    code: 'held-back-events',
    advice:
      'they are late, not lost, and no latency counts them; a stream needs a proxy without a buffer, or padding that fills it',
    rule: ({ events: { heldBack = 0, expected } }) =>
      heldBack > 0
        ? `${heldBack} of ${expected} deliveries were still in the buffer of the link when the drain ended`
        : null,
  },
  {
    code: 'shared-sessions',
    advice:
      'pages of one session that share a queue take events from each other: give each page a cursor of its own',
    rule: ({ events, pages, workload }) =>
      events.takenByOther > 0 && pages !== null
        ? `${workload.pagesPerSession} pages share the queue of each session and took ${events.takenByOther} of ${events.expected} deliveries from each other: ${pages.map(({ page, missed, expected }) => `page ${page} missed ${missed} of ${expected}`).join(', ')}`
        : null,
  },
  {
    code: 'log-overrun',
    advice:
      "the server's log was too short for the time that clients were away: raise --log or reconnect sooner",
    rule: ({ events, workload }) =>
      events.overrun > 0
        ? `${events.overrun} deliveries had left the log of ${workload.logEvents} events`
        : null,
  },
  {
    code: 'duplicated-events',
    advice: 'a page would act twice on one event: find out why before comparing',
    fatal: true,
    rule: ({ events }) =>
      events.duplicated > 0 ? `${events.duplicated} deliveries came more than once` : null,
  },
  {
    code: 'out-of-order-events',
    advice: 'a page would replace a newer state by an older one',
    fatal: true,
    rule: ({ events }) =>
      events.outOfOrder > 0 ? `${events.outOfOrder} deliveries came after a later event` : null,
  },
  {
    code: 'page-clients-lost',
    advice: "the page's own code does not do what the wire clients do: find out why before trusting either",
    fatal: true,
    rule: ({ kinds }, { failures }) => (failures.length === 0 ? pageTrouble(kinds, 'unexplained') : null),
  },
  {
    code: 'page-clients-deviate',
    advice: 'how these pages differ is documented, so the run is valid; read their figures with that in mind',
    rule: ({ kinds }, { failures }) => (failures.length === 0 ? pageTrouble(kinds, 'recorded') : null),
  },
]
