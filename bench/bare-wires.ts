/** How the bare loop asks for and parses each technique's wire: the least that yields the events. */
import { createParser } from 'eventsource-parser'
import type { Initiator } from '../clients/http/headers.ts'
import type { Technique } from '../servers/index.ts'

/** Reads the chunks of an endless response; each response has its own reader. */
export type Feed = (piece: string) => void

/** Takes what was parsed of an endless response, an event or an array of them. */
export type Count = (parsed: unknown) => void

/** One technique over HTTP: an endless response that is fed, or answers that are read. */
export type HttpWire = { readonly initiator: Initiator; readonly more?: string } & (
  | { readonly feed: (count: Count) => Feed }
  | {
      /** Returns the array of events in an answer, or anything else where there is none. */
      readonly read: (body: string) => unknown
      /** What is posted; without it the request is a GET. */
      readonly form?: string
    }
)

/** One technique: over HTTP, or messages over a WebSocket. */
export type Wire = HttpWire | 'socket'

/** Takes everything between two marks for an event. */
const between =
  (open: string, close: string) =>
  (count: Count): Feed => {
    let rest = ''
    return piece => {
      rest += piece
      for (;;) {
        const from = rest.indexOf(open)
        const to = rest.indexOf(close, from + open.length)
        if (from < 0 || to < 0) return
        const text = rest.slice(from + open.length, to)
        if (text !== '') count(JSON.parse(text))
        rest = rest.slice(to + close.length)
      }
    }
  }

const lines = (count: Count): Feed => {
  let rest = ''
  return piece => {
    const parts = (rest + piece).split('\n')
    rest = parts.pop() ?? ''
    for (const line of parts) if (line !== '') count(JSON.parse(line))
  }
}

const serverSentEvents = (count: Count): Feed => {
  const parser = createParser({ onEvent: ({ data }) => count(JSON.parse(data)) })
  return piece => parser.feed(piece)
}

const callback = '&callback=pushbench'
const scriptBlocks = between('<script>push(', ')</script>')
const scriptCall = (body: string): unknown => JSON.parse(body.slice(body.indexOf('(') + 1, -2))
const marked = 'id="events">'

function eventsOfPage(html: string): unknown {
  const from = html.indexOf(marked)
  return JSON.parse(html.slice(from + marked.length, html.indexOf('</script>', from)))
}

/** The techniques that have a bare loop; the bench of the fleet leaves out any other, and says so. */
export const wires: Readonly<Partial<Record<Technique, Wire>>> = {
  'page-refresh': { initiator: 'document', read: eventsOfPage },
  'busy-polling': { initiator: 'fetch', read: JSON.parse },
  polling: { initiator: 'fetch', read: JSON.parse },
  'jsonp-polling': { initiator: 'script', more: callback, read: scriptCall },
  piggyback: { initiator: 'form', read: body => JSON.parse(body).events, form: 'action=buy&item=1' },
  'long-polling': { initiator: 'fetch', read: JSON.parse },
  'script-long-polling': { initiator: 'script', more: callback, read: scriptCall },
  'forever-frame': { initiator: 'iframe', more: callback, feed: scriptBlocks },
  'page-streaming': { initiator: 'document', more: callback, feed: scriptBlocks },
  'xhr-streaming': { initiator: 'fetch', feed: lines },
  'multipart-xhr': { initiator: 'fetch', feed: between('\r\n\r\n', '\r\n--') },
  'server-push': { initiator: 'document', feed: between(marked, '</script>') },
  sse: { initiator: 'eventsource', feed: serverSentEvents },
  'fetch-streaming': { initiator: 'fetch', feed: lines },
  websocket: 'socket',
}
