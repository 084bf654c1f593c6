/**
 * How a page's requests for events differ from those of the wire clients: headers that are added, missing or of
 * another length. Wire clients send what Chromium sends from an ordinary page. The report lists every difference with
 * its reason. A test compares this list with the wire, for every technique and in both directions.
 */
import type { Technique } from '../servers/index.ts'
import type { PageKind } from './index.ts'

/** A reason that holds in every technique in which the part differs, or one for each of some techniques. */
type Reason = string | Readonly<Partial<Record<Technique, string>>>

const inFrame = 'the page is loaded into a frame, so that the script that counts outlives it'
const noHints = 'jsdom sends no client hints'
const noMetadata = 'jsdom sends no fetch metadata'
const numbers =
  'pages listen to the streams of the first wire clients, whose numbers are short, and cursors count the events of each stream'
const framePath = 'a script in a frame calls the page around it, by a longer name'
const pushByFetch = 'no browser shows such a response any more: a fetch reads it'

/** By kind, and by header or other part of a request as the result names it. */
export const requestDifferences: Readonly<Record<PageKind, Readonly<Record<string, Reason>>>> = {
  dom: {
    'request line': { 'page-streaming': framePath },
    'numbers in the URL': numbers,
    'user-agent': 'jsdom sends its own name',
    'sec-ch-ua': noHints,
    'sec-ch-ua-mobile': noHints,
    'sec-ch-ua-platform': noHints,
    'sec-fetch-site': noMetadata,
    'sec-fetch-mode': 'jsdom sends no fetch metadata; undici, which fetches for it, sends only the mode',
    'sec-fetch-dest': noMetadata,
    'upgrade-insecure-requests': 'jsdom does not know it',
    accept: 'jsdom accepts anything, whatever it loads',
    'accept-encoding': 'undici decodes gzip and deflate where the origin has no TLS',
    'accept-language': 'jsdom asks for English',
  },
  browser: {
    'request line': { 'page-streaming': framePath },
    'numbers in the URL': numbers,
    'user-agent': 'a headless Chromium says that it is one, and sends its full version',
    'sec-ch-ua': 'a headless Chromium has a brand of its own',
    'accept-language': 'a headless Chromium has no languages',
    'sec-fetch-user': 'calls into the page from outside count as gestures of its user',
    'sec-fetch-mode': { 'server-push': pushByFetch },
    'sec-fetch-dest': {
      'page-refresh': inFrame,
      'page-streaming': inFrame,
      'server-push': pushByFetch,
    },
    'upgrade-insecure-requests': { 'server-push': pushByFetch },
    accept: { 'server-push': pushByFetch },
  },
}

/** The reasons that hold in a technique, by the part of the request. */
export function requestReasons(technique: string, kind: PageKind): Record<string, string> {
  const entries = Object.entries(requestDifferences[kind]).flatMap(([part, reason]) => {
    const text = typeof reason === 'string' ? reason : reason[technique as Technique]
    return text === undefined ? [] : [[part, text] as const]
  })
  return Object.fromEntries(entries)
}
