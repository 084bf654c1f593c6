/**
 * `long-polling`: a request is held until there is an event or the hold runs out; the response ends it and
 * the client asks again. Events that come while no request is armed wait in the log (RFC 6202 section 2.2).
 */
import type { ServerResponse } from 'node:http'
import { choice, duration } from '../measure/settings.ts'
import { serverTechnique } from '../measure/technique.ts'
import { toMilliseconds } from '../measure/units.ts'
import { Host, type Topic } from './host.ts'

/** A request that is being held. */
interface Held {
  readonly response: ServerResponse
  readonly cursor: number
  /** Runs out the hold, or the gathering of a coalesced answer. */
  timer: NodeJS.Timeout
  gathering: boolean
}

export const longPolling = serverTechnique({
  family: 'Comet, request',
  summary: 'a request is held until an event comes or the hold runs out; then the client asks again',
  reference: 'RFC 6202 section 2',
  settings: {
    hold: duration(
      '30s',
      'longest time that a request is held; RFC 6202 section 5.5 calls 30 s safe and 120 s the outer value',
    ),
    flush: choice(
      ['immediate', 'coalesced'],
      'answer with the first event, or gather what comes within coalesce',
    ),
    coalesce: duration('10ms', 'how long a coalesced answer gathers events after the first'),
  },

  create: (context, { hold, flush, coalesce }) =>
    new Host<Held>(context, host => {
      const answer = (topic: Topic<Held>, held: Held, armed: boolean): void => {
        clearTimeout(held.timer)
        topic.subscribers.delete(held)
        host.answer(held.response, topic, held.cursor, armed)
      }

      return {
        request({ topic, cursor, query }, response) {
          // `hold=0` lets a client learn at once that it is connected and what it missed.
          if (cursor < topic.log.last || query.get('hold') === '0')
            return host.answer(response, topic, cursor)
          const timer = setTimeout(() => answer(topic, held, false), toMilliseconds(hold))
          const held: Held = { response, cursor, timer, gathering: false }
          topic.subscribers.add(held)
          response.once('close', () => {
            clearTimeout(held.timer)
            topic.subscribers.delete(held)
          })
        },

        published(topic, { event }) {
          for (const held of topic.subscribers) {
            if (event.seq <= held.cursor || held.gathering) continue
            if (flush === 'immediate') {
              answer(topic, held, true)
            } else {
              clearTimeout(held.timer)
              held.gathering = true
              held.timer = setTimeout(() => answer(topic, held, false), toMilliseconds(coalesce))
            }
          }
        },
      }
    }),

  watch: url => `curl -s '${url}' && echo    # answers with the next event; add &since=<seq> to go on`,

  hold: ({ flush, hold }) => (flush === 'immediate' ? hold : null),
})
