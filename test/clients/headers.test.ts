/**
 * The `browser` header set against a real Chromium: what a page's XMLHttpRequest, EventSource and WebSocket
 * send, name by name and in order, and the bytes that our clients send to the same server.
 */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { requestHeaders, resumingHeaders } from '../../clients/headers.ts'
import { polling } from '../../clients/polling.ts'
import { sse } from '../../clients/sse.ts'
import { websocket } from '../../clients/websocket.ts'
import { launchChromium } from '../chromium.ts'
import { ok, type Script, scripted } from '../raw-connection.ts'
import { clientOf, RecordingSink } from '../recording-sink.ts'
import { eventually, textOf } from '../served.ts'

type Line = readonly [name: string, value: string]

const target = '/events?stream=0&since=0'

const stream = `HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\nretry: 5\nid: 7\ndata: ${textOf(7)}\n\n`

/** Answers whatever a page or a client asks for, and keeps the heads of requests for events. */
const recording =
  (heads: string[]): Script =>
  async raw => {
    for (;;) {
      const head = await raw.through('\r\n\r\n')
      const forEvents = head.startsWith('GET /events')
      if (forEvents) heads.push(head)
      if (/\r\nUpgrade: websocket\r\n/i.test(head)) raw.send(ok('').replace('200 OK', '503 Unavailable'))
      else if (/\r\nAccept: text\/event-stream\r\n/.test(head)) {
        // Ending the stream lets the source come back with the id of its last event.
        raw.send(stream)
        raw.socket.end()
      } else raw.send(forEvents ? ok('[]') : ok('<!doctype html>', 'text/html'))
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

/** Names that Node's HTTP libraries write in their own spelling. */
const spelled = (lines: readonly Line[]): Line[] =>
  lines.map(([name, value]) =>
    /^(host|connection)$/i.test(name) ? [name.toLowerCase(), value] : [name, value],
  )

const pairs = (flat: readonly string[]): Line[] =>
  flat.flatMap((name, index) => (index % 2 === 0 ? [[name, flat[index + 1] ?? ''] as const] : []))

describe('a page in Chromium and our client send the same', () => {
  let browser: Browser | undefined
  before(async () => {
    browser = await launchChromium()
  })
  after(() => browser?.close())

  const asked = [
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
  ]

  for (const { what, requests, page, ours, client } of asked) {
    test(what, async t => {
      const [fromPage, fromClient]: [string[], string[]] = [[], []]
      let heads = fromPage
      const url = await scripted(t, raw => recording(heads)(raw, 0))
      const tab = await browser?.newPage()
      assert.ok(tab)
      await tab.goto(`${url.origin}/`)
      await tab.evaluate(page)
      await eventually(() => fromPage.length >= requests, 'the requests of the page')
      await tab.close()

      heads = fromClient
      const half = clientOf(t, client, url, { headers: 'browser' })
      const sink = new RecordingSink()
      for (let count = 0; count < requests; count++) {
        await half.connect(sink).catch(() => {})
        if (count + 1 < requests) await eventually(() => sink.losses.length > count, 'the stream to end')
      }

      assert.equal(fromPage[0]?.split('\r\n')[0], `GET ${target} HTTP/1.1`)
      const expected = fromPage.slice(0, requests).map(head => comparable(linesOf(head)))
      const fixed = ['Host', 'Connection']
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
