/**
 * The base of techniques that hold a request until there is an event or the hold expires (RFC 6202 section 2). They
 * differ in how the answer is written.
 */
import type { ServerResponse } from 'node:http'
import type { RequestMethod } from '../../model/request.ts'
import { choice, duration, type Values } from '../../model/settings.ts'
import { holdSettings } from '../../model/shared-settings.ts'
import type { PushServer, ServerContext } from '../../model/technique.ts'
import { type Micros, toMilliseconds } from '../../model/units.ts'
import { markLast } from './connection-draining.ts'
import { Host } from './host.ts'
import { refuse } from './refusals.ts'
import type { Topic } from './topic.ts'
import type { Envelope, Exchange } from './transport.ts'

export const heldSettings = {
  ...holdSettings,
  flush: choice(
    ['immediate', 'coalesced'],
    'answer with the first event, or gather the events that come within coalesce',
  ),
  coalesce: duration('10ms', 'how long a coalesced answer gathers events after the first'),
}

/** The hold of the closed form; it does not cover answers that gather. */
export const closedFormHold = ({ flush, hold }: Values<typeof heldSettings>): Micros | null =>
  flush === 'immediate' ? hold : null

/** The hold that a client asks for, in milliseconds; no limit where it asks for none. */
const shorterHold = (text: string | null): number =>
  text !== null && /^\d+$/.test(text) ? Number(text) : Number.POSITIVE_INFINITY

/** A request that is being held. */
interface Held {
  readonly topic: Topic<Held>
  readonly response: ServerResponse
  readonly cursor: number
  readonly envelope: Envelope
  /** Fires at the end of the hold, or of the gathering of a coalesced answer. */
  timer: NodeJS.Timeout
  gathering: boolean
}

/**
 * A server that holds requests.
 * @param envelopeOf how the answer to a request is written; null refuses the request with 400
 * @param method by which clients ask
 */
export function holdRequests(
  context: ServerContext,
  { hold, flush, coalesce }: Values<typeof heldSettings>,
  envelopeOf: (exchange: Exchange<Held>) => Envelope | null,
  method: RequestMethod = 'GET',
): PushServer {
  return new Host<Held>(context, host => {
    const answer = (held: Held, armed: boolean): void => {
      const { response, topic, cursor, envelope, timer } = held
      clearTimeout(timer)
      topic.subscribers.delete(held)
      host.answer(response, topic, cursor, { envelope, armed })
    }

    return {
      methods: [method],

      request(exchange, response) {
        const { topic, cursor, query, request } = exchange
        const envelope = envelopeOf(exchange)
        if (envelope === null) {
          refuse(response, 400)
          return
        }
        // A client may ask for a shorter hold; by `hold=0` it learns at once that it is connected and what it missed.
        const heldMs = Math.min(toMilliseconds(hold), shorterHold(query.get('hold')))
        if (topic.pending(cursor) || heldMs === 0) {
          host.answer(response, topic, cursor, { envelope })
          return
        }
        const timer = setTimeout(() => answer(held, false), heldMs)
        const held: Held = { topic, response, cursor, envelope, timer, gathering: false }
        host.subscribe(topic, request.socket, held)
        response.once('close', () => {
          clearTimeout(held.timer)
          topic.subscribers.delete(held)
        })
      },

      published(topic, { event }) {
        host.wake(topic, held => {
          if (held.gathering) return true
          if (event.seq <= held.cursor) return false
          if (flush === 'immediate') {
            answer(held, true)
          } else {
            clearTimeout(held.timer)
            held.gathering = true
            held.timer = setTimeout(() => answer(held, false), toMilliseconds(coalesce))
          }
          return true
        })
      },

      dismiss(held, retryAfter) {
        if (!held.topic.subscribers.has(held)) return
        markLast(held.response, retryAfter)
        answer(held, false)
      },
    }
  })
}
