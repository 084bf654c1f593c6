/**
 * The page that a whole-page technique sends again and again: about 30 KiB of HTML, as in articles and
 * shops, with a style sheet, a script and an image that have cache headers of their own.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { eventsElement } from '../../model/event.ts'
import { randomFor } from '../../model/random.ts'
import { size, toggle, type Values, whole } from '../../model/settings.ts'
import { scriptJson } from './script.ts'

export const pageSettings = {
  page: size(30 * 1024, 'bytes of HTML of one page, without its events'),
  assets: whole(3, 0, 'files that the page refers to'),
  asset: size(20 * 1024, 'bytes of each of these files'),
  cache: toggle(
    true,
    'the files may be cached for a year; with off the browser fetches them with every page',
  ),
}

type PageSettings = Values<typeof pageSettings>

/** The path of an asset of the page. */
const assetPath = (index: number): string => `/asset/${index}.css`

/** A page of fixed size, cut where the events go: what comes before them and what after. */
export interface Page {
  /** The HTML with the events, given as a JSON array. */
  withEvents(json: string): string
  /** Everything before the events: the head of a page that never ends. */
  readonly opening: string
}

/** Builds the page once; only its events change. */
export function buildPage({ page, assets }: Pick<PageSettings, 'page' | 'assets'>): Page {
  const links = Array.from(
    { length: assets },
    (_, index) => `<link rel="stylesheet" href="${assetPath(index)}">`,
  )
  const opening = `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>pushbench</title>${links.join('')}</head>\n<body><h1>News</h1>\n`
  const closing = '\n</body></html>\n'
  const fixed = opening.length + eventsElement.open.length + eventsElement.close.length + closing.length
  const filler = paragraphs(Math.max(0, page - fixed))
  return {
    opening: opening + filler,
    withEvents: json =>
      `${opening}${filler}${eventsElement.open}${scriptJson(json)}${eventsElement.close}${closing}`,
  }
}

/** Serves the page's files with the cache headers that the settings ask for (RFC 9111, RFC 8246). */
export function assetRoutes({ assets, asset, cache }: Omit<PageSettings, 'page'>) {
  const body = Buffer.from(`/*${'x'.repeat(Math.max(0, asset - 4))}*/`)
  const headers = {
    'Content-Type': 'text/css',
    'Content-Length': body.length,
    'Cache-Control': cache ? 'public, max-age=31536000, immutable' : 'no-store',
  }
  const serve = (_: IncomingMessage, response: ServerResponse): void =>
    void response.writeHead(200, headers).end(body)
  return Object.fromEntries(Array.from({ length: assets }, (_, index) => [assetPath(index), serve]))
}

const words =
  'the server sends a page and the reader waits for news that may or may not have come since the last one'.split(
    ' ',
  )

/** Paragraphs of exactly the given number of ASCII bytes, the same every time. */
function paragraphs(bytes: number): string {
  const random = randomFor(1, 'page')
  let text = ''
  while (text.length < bytes) {
    const sentence = Array.from({ length: 60 }, () => words[Math.floor(random() * words.length)]).join(' ')
    text += `<p>${sentence}.</p>\n`
  }
  // Cutting may leave a tag open, which does not matter: nobody reads this text.
  const end = text.lastIndexOf('<p>', bytes)
  const kept = end < 0 ? '' : text.slice(0, end)
  const rest = bytes - kept.length
  return rest >= 7 ? `${kept}<!--${'x'.repeat(rest - 7)}-->` : kept + ' '.repeat(rest)
}
