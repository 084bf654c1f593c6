/**
 * The request headers of a page, because header bytes are what polling costs. The sets are those of
 * Chromium 153 on Linux, captured from a page on the same origin without cookies, in its order; real pages
 * add their cookies to them. `minimal` sends only what the technique itself needs. The HTTP library
 * adds `Host` in both sets, and `Connection` except for WebSocket.
 */
import { type HeaderSet, type PostBody, postTypes } from '../../model/request.ts'

/** What in the page makes the request. */
export type Initiator =
  | 'fetch'
  | 'form'
  | 'eventsource'
  | 'websocket'
  | 'script'
  | 'style'
  | 'iframe'
  | 'document'

/** True where a script of the page makes the request and can read the headers of the response. */
export const readsHeaders = (initiator: Initiator): boolean => initiator === 'fetch' || initiator === 'form'

const userAgent =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/153.0.0.0 Safari/537.36'
const brands = '"Google Chrome";v="153", "Not_A Brand";v="8", "Chromium";v="153"'
const encodings = 'gzip, deflate, br, zstd'
const languages = 'en-US,en;q=0.9'

type Pairs = readonly (readonly [name: string, value: string])[]

const bodyType = (body: PostBody): Pairs => [['Content-Type', postTypes[body]]]

const minimal: Record<Initiator, (body: PostBody) => Pairs> = {
  fetch: () => [],
  form: bodyType,
  eventsource: () => [['Accept', 'text/event-stream']],
  websocket: () => [],
  script: () => [],
  style: () => [],
  iframe: () => [],
  document: () => [],
}

const noCache: Pairs = [
  ['Pragma', 'no-cache'],
  ['Cache-Control', 'no-cache'],
]

const platform: Pairs = [
  ['sec-ch-ua-platform', '"Linux"'],
  ['User-Agent', userAgent],
]

const hints: Pairs = [
  ['sec-ch-ua', brands],
  ['sec-ch-ua-mobile', '?0'],
]

/** The headers that follow in every request of a page to its own origin. */
const fetched = (origin: string, mode = 'cors', destination = 'empty'): Pairs => [
  ['Sec-Fetch-Site', 'same-origin'],
  ['Sec-Fetch-Mode', mode],
  ['Sec-Fetch-Dest', destination],
  ['Referer', `${origin}/`],
  ['Accept-Encoding', encodings],
  ['Accept-Language', languages],
]

/** What a navigation asks for, of the whole page or of a frame in it. */
const navigation = (origin: string, destination: string): Pairs => [
  ...hints,
  ['sec-ch-ua-platform', '"Linux"'],
  ['Upgrade-Insecure-Requests', '1'],
  ['User-Agent', userAgent],
  [
    'Accept',
    'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7',
  ],
  ...fetched(origin, 'navigate', destination),
]

const browser: Record<Initiator, (origin: string, body: PostBody) => Pairs> = {
  fetch: origin => [...platform, ...hints, ['Accept', '*/*'], ...fetched(origin)],
  eventsource: origin => [
    ...noCache,
    ...platform,
    ['Accept', 'text/event-stream'],
    ...hints,
    ...fetched(origin),
  ],
  form: (origin, body) => [
    ...platform,
    ['sec-ch-ua', brands],
    ...bodyType(body),
    ['sec-ch-ua-mobile', '?0'],
    ['Accept', '*/*'],
    ...fetched(origin),
  ],
  script: origin => [...platform, ...hints, ['Accept', '*/*'], ...fetched(origin, 'no-cors', 'script')],
  style: origin => [
    ...platform,
    ...hints,
    ['Accept', 'text/css,*/*;q=0.1'],
    ...fetched(origin, 'no-cors', 'style'),
  ],
  iframe: origin => navigation(origin, 'iframe'),
  document: origin => navigation(origin, 'document'),
  // The headers of the handshake are listed here for their order; ws fills in the key.
  websocket: origin => [
    ['Connection', 'Upgrade'],
    ...noCache,
    ['User-Agent', userAgent],
    ['Upgrade', 'websocket'],
    ['Origin', origin],
    ['Sec-WebSocket-Version', '13'],
    ['Accept-Encoding', encodings],
    ['Accept-Language', languages],
    ['Sec-WebSocket-Key', ''],
    // A browser always offers compression; the server decides whether to use it.
    ['Sec-WebSocket-Extensions', 'permessage-deflate; client_max_window_bits'],
  ],
}

/**
 * The headers of one request without `Host` and an HTTP request's `Connection`, name and value in turn.
 * @param origin of the page that makes the request, e.g. `http://127.0.0.1:8080`
 * @param body what a POST by a script carries
 */
export function requestHeaders(
  set: HeaderSet,
  initiator: Initiator,
  origin: string,
  body: PostBody = 'form',
): string[] {
  const pairs = set === 'minimal' ? minimal[initiator](body) : browser[initiator](origin, body)
  return pairs.flat()
}

/** The headers of an EventSource that reconnects: with `Last-Event-ID` where Chromium puts it. */
export function resumingHeaders(headers: readonly string[], lastEventId: string): string[] {
  const at = headers.indexOf('Sec-Fetch-Site')
  return headers.toSpliced(at === -1 ? headers.length : at, 0, 'Last-Event-ID', lastEventId)
}
