/**
 * The `browser` header set against a real Chromium: what a page sends by each of its means, name by name and in
 * order, and the bytes that our clients send to the same server.
 */

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { foreverFrame } from '../../../clients/forever-frame.ts'
import { requestHeaders, resumingHeaders } from '../../../clients/http/headers.ts'
import { jsonpPolling } from '../../../clients/jsonp-polling.ts'
import { pageRefresh } from '../../../clients/page-refresh.ts'
import { piggyback } from '../../../clients/piggyback.ts'
import { polling } from '../../../clients/polling.ts'
import { sse } from '../../../clients/sse.ts'
import { websocket } from '../../../clients/websocket.ts'
import type { Settings, SettingValue } from '../../../model/settings.ts'
import type { ClientTechnique } from '../../../model/technique.ts'
import { milliseconds } from '../../../model/units.ts'
import { launchChromium } from '../../../pages/chromium.ts'
import { ok, type Script, scripted } from '../../raw-connection.ts'
import { clientOf, RecordingSink } from '../../recording-sink.ts'
import { eventually, textOf } from '../../served.ts'

type Line = readonly [name: string, value: string]

const target = '/events?stream=0&since=0'

const stream = `HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\nretry: 5\nid: 7\ndata: ${textOf(7)}\n\n`

/** Answers whatever a page or a client asks for, and keeps the heads of requests for events, by `method`. */
const recording =
  (heads: string[], method: string, html: string): Script =>
  async raw => {
    for (;;) {
      const head = await raw.through('\r\n\r\n')
      await raw.bytes(Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0))
      const forEvents = / \/events/.test(head.split('\r\n', 1)[0] ?? '')
      if (forEvents && head.startsWith(method)) heads.push(head)
      if (/\r\nUpgrade: websocket\r\n/i.test(head)) raw.send(ok('').replace('200 OK', '503 Unavailable'))
      else if (/\r\nAccept: text\/event-stream\r\n/.test(head)) {
        // Ending the stream lets the source come back with the id of its last event.
        raw.send(stream)
        raw.socket.end()
      } else raw.send(forEvents ? ok('[]') : ok(`<!doctype html><body>${html}`, 'text/html'))
    }
  }

const linesOf = (head: string): Line[] =>
  head
    .split('\r\n')
    .slice(1, -2)
    .map(line => {
      const colon = line.indexOf(': ')
      return [line.slice(0, colon), line.slice(colon + 2)]
    })

/** Headers without what a headless browser of another version sends otherwise, and without random keys. */
const comparable = (lines: readonly Line[]): Line[] =>
  lines
    // Headless Chromium has no language of its own.
    .filter(([name]) => name !== 'Accept-Language')
    .map(([name, value]) => {
      if (name === 'User-Agent') return [name, value.replace(/(Headless)?Chrome\/[\d.]+/, 'Chrome/*')]
      if (name === 'sec-ch-ua') return [name, value.replaceAll(/"[^"]+";v="\d+"/g, '"*";v="*"')]
      if (name === 'Sec-WebSocket-Key') return [name, '*']
      return [name, value]
    })

/** Names in the spelling of Node's HTTP libraries, and the length of a body where undici writes it: at the end. */
const spelled = (lines: readonly Line[]): Line[] => {
  const all = lines.map(
    ([name, value]): Line =>
      /^(host|connection|content-length)$/i.test(name) ? [name.toLowerCase(), value] : [name, value],
  )
  const isLength = ([name]: Line): boolean => name === 'content-length'
  return [...all.filter(line => !isLength(line)), ...all.filter(isLength)]
}

const pairs = (flat: readonly string[]): Line[] =>
  flat.flatMap((name, index) => (index % 2 === 0 ? [[name, flat[index + 1] ?? ''] as const] : []))

describe('a page in Chromium and our client send the same', () => {
  let browser: Browser | undefined
  before(async () => {
    browser = await launchChromium()
  })
  after(() => browser?.close())

  const asked: readonly {
    readonly what: string
    readonly requests: number
    /** HTML, or the script of a page. */
    readonly page: string
    readonly ours: (origin: string) => string[][]
    readonly client: ClientTechnique
    readonly settings?: Record<string, SettingValue>
    readonly method?: string
  }[] = [
    {
      what: 'XMLHttpRequest',
      requests: 1,
      page: `(() => { const request = new XMLHttpRequest(); request.open('GET', '${target}'); request.send() })()`,
      ours: (origin: string) => [requestHeaders('browser', 'fetch', origin)],
      client: polling,
    },
    {
      what: 'fetch',
      requests: 1,
      page: `void fetch('${target}')`,
      ours: (origin: string) => [requestHeaders('browser', 'fetch', origin)],
      client: polling,
    },
    {
      what: 'EventSource, and again with the id of the last event',
      requests: 2,
      page: `void new EventSource('${target}')`,
      ours: (origin: string) => {
        const first = requestHeaders('browser', 'eventsource', origin)
        return [first, resumingHeaders(first, '7')]
      },
      client: sse,
    },
    {
      what: 'WebSocket',
      requests: 1,
      page: `void new WebSocket('ws://' + location.host + '${target}')`,
      ours: (origin: string) => [requestHeaders('browser', 'websocket', origin)],
      client: websocket,
    },
    {
      what: 'a form that a script posts',
      requests: 1,
      method: 'POST',
      page: `(() => { const request = new XMLHttpRequest(); request.open('POST', '${target}'); request.setRequestHeader('Content-Type', 'application/x-www-form-urlencoded'); request.send('action=buy&item=1') })()`,
      ours: (origin: string) => [requestHeaders('browser', 'form', origin)],
      client: piggyback,
      settings: { action: milliseconds(5) },
    },
    {
      what: 'a script element',
      requests: 1,
      page: `document.body.append(Object.assign(document.createElement('script'), { src: '${target}' }))`,
      ours: (origin: string) => [requestHeaders('browser', 'script', origin)],
      client: jsonpPolling,
    },
    {
      what: 'an iframe',
      requests: 1,
      page: `<iframe src="${target.replace('&', '&amp;')}"></iframe>`,
      ours: (origin: string) => [requestHeaders('browser', 'iframe', origin)],
      client: foreverFrame,
    },
    ...['', 'location.assign'].map(by => ({
      what: by === '' ? 'a page that a meta element refreshes' : 'a page that its script leaves',
      requests: 1,
      page:
        by === ''
          ? `<meta http-equiv="refresh" content="0;url=${target.replace('&', '&amp;')}">`
          : `addEventListener('load', () => setTimeout(() => ${by}('${target}')))`,
      ours: (origin: string) => [requestHeaders('browser', 'document', origin)],
      client: pageRefresh,
    })),
  ]

  for (const { what, requests, page, ours, client, settings = {}, method = 'GET' } of asked) {
    test(what, async t => {
      const [fromPage, fromClient]: [string[], string[]] = [[], []]
      let heads = fromPage
      const html = page.startsWith('<') ? page : `<script>${page}</script>`
      const url = await scripted(t, raw => recording(heads, method, html)(raw, 0))
      const tab = await browser?.newPage()
      assert.ok(tab)
      // A page that leads elsewhere at once may never finish loading.
      await tab.goto(`${url.origin}/`).catch(() => {})
      await eventually(() => fromPage.length >= requests, 'the requests of the page')
      await tab.close()

      heads = fromClient
      const adapter = clientOf<Settings>(t, client, url, { headers: 'browser', settings, random: 0.5 })
      const sink = new RecordingSink()
      for (let count = 0; count < requests; count++) {
        await adapter.connect(sink).catch(() => {})
        await eventually(() => heads.length > count, 'the request of the client')
        if (count + 1 < requests) await eventually(() => sink.losses.length > count, 'the stream to end')
      }

      assert.equal(fromPage[0]?.split('\r\n')[0], `${method} ${target} HTTP/1.1`)
      const expected = fromPage.slice(0, requests).map(head => comparable(linesOf(head)))
      const fixed = ['Host', 'Connection', 'Content-Length']
      assert.deepEqual(
        ours(url.origin).map(set => comparable(pairs(set)).filter(([name]) => !fixed.includes(name))),
        expected.map(lines => lines.filter(([name]) => !fixed.includes(name))),
        'the documented set',
      )
      assert.deepEqual(
        fromClient.map(head => spelled(comparable(linesOf(head)))),
        expected.map(spelled),
        'what leaves the client',
      )
    })
  }
})
