/**
 * The text of an event, the same for every technique: a JSON array
 *
 *     [seq, intendedAt, sentAt, payload]        instants in whole microseconds since the run's origin
 *
 * JSON escapes every line end and control character, so the text is always one line. Two characters that
 * end a script string, U+2028 and U+2029, are escaped as well. A server that no longer has what a client
 * asks for says so with a notice, which travels where an event would: {"overrun":[first, last]}.
 */
import { type Instant, instant } from './units.ts'

/** One published message. */
export interface PushEvent {
  /** Counts from 1 within its stream. */
  readonly seq: number
  /** When the schedule wanted it published. */
  readonly intendedAt: Instant
  /** When it was handed to the server. */
  readonly sentAt: Instant
  readonly payload: string
}

/** The events from `first` to `last` (both inclusive) are no longer in the server's log. */
export interface Overrun {
  readonly first: number
  readonly last: number
}

/** What a client reads off the wire. */
export type Message = { readonly event: PushEvent } | { readonly overrun: Overrun }

/** Smallest text that holds a stamp for runs of up to three hours and ten million events. */
export const minimumTextBytes = 40

/** Largest text that an event may be asked to have. */
export const maximumTextBytes = 16 * 1024 * 1024

/** The text of an event. */
export function encodeEvent(event: PushEvent): string {
  const payload = JSON.stringify(event.payload).replace(/[\u2028\u2029]/g, escapeSeparator)
  return `[${event.seq},${Math.round(event.intendedAt)},${Math.round(event.sentAt)},${payload}]`
}

/** The text of a notice. */
export const encodeOverrun = (overrun: Overrun): string => `{"overrun":[${overrun.first},${overrun.last}]}`

/** The response of a server that reports the end of a hold as an event of its own, in the place of events. */
export const timeoutNotice = '{"timeout":true}'

/** The element of a page that holds its events, as a JSON array. */
export const eventsElement = {
  open: '<script type="application/json" id="events">',
  close: '</script>',
} as const

/** Reads one text. @throws {SyntaxError} when it is neither an event nor a notice */
export const decodeMessage = (text: string): Message => toMessage(JSON.parse(text))

/** Reads a text that was parsed as part of a larger JSON document. @throws {SyntaxError} as {@link decodeMessage} */
export function toMessage(value: unknown): Message {
  if (Array.isArray(value)) {
    const [seq, intendedAt, sentAt, payload] = value
    if (
      typeof seq === 'number' &&
      typeof intendedAt === 'number' &&
      typeof sentAt === 'number' &&
      typeof payload === 'string'
    ) {
      return { event: { seq, intendedAt: instant(intendedAt), sentAt: instant(sentAt), payload } }
    }
  } else if (typeof value === 'object' && value !== null && 'overrun' in value) {
    const [first, last] = Array.isArray(value.overrun) ? value.overrun : []
    if (typeof first === 'number' && typeof last === 'number') return { overrun: { first, last } }
  }
  throw new SyntaxError(`not an event text: ${JSON.stringify(value).slice(0, 80)}`)
}

const escapeSeparator = (separator: string): string => (separator === '\u2028' ? '\\u2028' : '\\u2029')
