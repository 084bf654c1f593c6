/**
 * The request headers of a page, because header bytes are what polling costs. The sets are those of
 * Chromium 153 on Linux, captured from a page on the same origin without cookies, in its order; real pages
 * add their cookies to them. `minimal` sends only what the technique itself needs. `Host` and `Connection`
 * come from the HTTP library in both sets.
 */
import type { HeaderSet } from '../measure/technique.ts'

/** What in the page makes the request. */
export type Initiator = 'fetch' | 'eventsource' | 'websocket'

const userAgent =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/153.0.0.0 Safari/537.36'
const brands = '"Google Chrome";v="153", "Not_A Brand";v="8", "Chromium";v="153"'
const encodings = 'gzip, deflate, br, zstd'
const languages = 'en-US,en;q=0.9'

type Pairs = readonly (readonly [name: string, value: string])[]

const minimal: Record<Initiator, Pairs> = {
  fetch: [],
  eventsource: [['Accept', 'text/event-stream']],
  websocket: [],
}

const noCache: Pairs = [
  ['Pragma', 'no-cache'],
  ['Cache-Control', 'no-cache'],
]

const subresource = (accept: string, origin: string): Pairs => [
  ['sec-ch-ua-platform', '"Linux"'],
  ['User-Agent', userAgent],
  ['Accept', accept],
  ['sec-ch-ua', brands],
  ['sec-ch-ua-mobile', '?0'],
  ['Sec-Fetch-Site', 'same-origin'],
  ['Sec-Fetch-Mode', 'cors'],
  ['Sec-Fetch-Dest', 'empty'],
  ['Referer', `${origin}/`],
  ['Accept-Encoding', encodings],
  ['Accept-Language', languages],
]

const browser: Record<Initiator, (origin: string) => Pairs> = {
  fetch: origin => subresource('*/*', origin),
  eventsource: origin => [...noCache, ...subresource('text/event-stream', origin)],
  websocket: origin => [
    ...noCache,
    ['User-Agent', userAgent],
    ['Origin', origin],
    ['Accept-Encoding', encodings],
    ['Accept-Language', languages],
  ],
}

/**
 * The headers of one request besides `Host` and `Connection`, name and value in turn.
 * @param origin of the page that makes the request, e.g. `http://127.0.0.1:8080`
 */
export function requestHeaders(set: HeaderSet, initiator: Initiator, origin: string): string[] {
  const pairs = set === 'minimal' ? minimal[initiator] : browser[initiator](origin)
  return pairs.flat()
}
