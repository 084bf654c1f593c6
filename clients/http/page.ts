/** Handles a page as a browser does: finds the events in it, and loads its files as their cache headers allow. */
import { eventsElement } from '../../model/event.ts'
import type { ClientContext, ClientSink } from '../../model/technique.ts'
import { requestHeaders } from './headers.ts'
import { OneConnection } from './http.ts'

const { open, close } = eventsElement

/** The JSON array of events in a page. Throws when there is none. */
export function eventsOfPage(html: string): string {
  const from = html.indexOf(open)
  const to = html.indexOf(close, from)
  if (from < 0 || to < 0) throw new SyntaxError('the page has no element with the events')
  return html.slice(from + open.length, to)
}

/** The paths of the files that the head of a page refers to. */
function filesOfPage(html: string): string[] {
  const head = html.slice(0, html.indexOf('</head>'))
  return [...head.matchAll(/<link rel="stylesheet" href="([^"]+)">/g)].flatMap(match => match[1] ?? [])
}

/** The files of one user's page: loads them on a connection of their own and keeps what may be kept (RFC 9111). */
export class PageFiles extends OneConnection {
  readonly #headers: string[]
  readonly #kept = new Set<string>()

  constructor(context: ClientContext) {
    super(context.url)
    this.#headers = requestHeaders(context.headers, 'style', context.url.origin)
  }

  /** Loads the files of a page that the cache does not have. A file that fails is left out: the page shows without it. */
  async load(html: string, sink: ClientSink): Promise<void> {
    for (const path of filesOfPage(html)) {
      if (this.#kept.has(path)) continue
      const cacheControl = await this.#fetch(path, sink)
      if (cacheControl !== null && !/\bno-store\b/.test(cacheControl)) this.#kept.add(path)
    }
  }

  /** Fetches a file; resolves with its Cache-Control, null when it failed. */
  #fetch(path: string, sink: ClientSink): Promise<string | null> {
    return new Promise(resolve => {
      let cacheControl = ''
      this.connection.send(path, this.#headers, {
        opening: () => sink.opening(),
        open: () => sink.opened(),
        head: (_, headers) => {
          cacheControl = String(headers['cache-control'] ?? '')
        },
        text: () => {},
        end: () => resolve(cacheControl),
        failed: () => {
          sink.opened()
          resolve(null)
        },
      })
    })
  }
}
