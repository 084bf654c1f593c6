/**
 * Event texts inside scripts, and the callback that a client names. Whatever an event carries, it can neither
 * end its script element nor break its string; whatever a client names, nothing but an identifier is echoed.
 */
import { callbackForm } from '../../model/shared-settings.ts'
import type { Envelope } from './transport.ts'

/** The callback that a request names, `fallback` when it names none, null when it is not an identifier. */
export function callbackOf(query: URLSearchParams, fallback: string): string | null {
  const name = query.get('callback') ?? fallback
  return callbackForm.test(name) ? name : null
}

/**
 * JSON that can stand in a script element (WHATWG HTML section 4.12.1.3): without `<` there is neither
 * `</script` nor `<!--` in it. U+2028 and U+2029 are escaped in every event text already.
 */
export const scriptJson = (json: string): string => json.replaceAll('<', '\\u003c')

/** A script that calls `callback` with the array of events. The comment keeps the body from beginning with a name that others chose. */
export const jsonpEnvelope = (callback: string): Envelope => ({
  contentType: 'text/javascript; charset=utf-8',
  body: texts => `/**/${callback}([${scriptJson(texts.join(','))}]);`,
})
