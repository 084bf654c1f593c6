/** What a window in jsdom is given beyond jsdom: a browser's cache, and a name on all of its requests. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { type OpenWindow, openWindow } from '../../pages/dom-window.ts'

const page = '<!doctype html><link rel="stylesheet" href="/style.css"><p>text</p>'

/** A window on the origin of a server, and the requests that the server was sent. */
async function opened(t: TestContext): Promise<OpenWindow & { readonly requests: IncomingMessage[] }> {
  const requests: IncomingMessage[] = []
  const server = createServer((request, response) => {
    requests.push(request)
    const [type, body] = request.url === '/style.css' ? ['text/css', 'p { color: red }'] : ['text/html', page]
    const kept = request.url === '/style.css' ? 'max-age=3600' : 'no-store'
    response.writeHead(200, { 'Content-Type': type, 'Cache-Control': kept }).end(body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const open = openWindow(new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/events`), false)
  t.after(async () => {
    await open.close()
    server.close()
  })
  return { ...open, requests }
}

test('a file that may be kept is fetched once, a page that may not each time', async t => {
  const { window, requests } = await opened(t)
  for (let load = 1; load <= 3; load++) {
    await window.eval(`new Promise(resolve => {
      const frame = document.createElement('iframe')
      frame.onload = resolve
      frame.src = '/page?${load}'
      document.body.append(frame)
    })`)
  }
  const paths = requests.map(({ url }) => url)
  assert.deepEqual(paths.toSorted(), ['/page?1', '/page?2', '/page?3', '/style.css'])
})

test('what undici fetches for the window bears the same name, language and origin as what jsdom loads', async t => {
  const { window, requests } = await opened(t)
  await window.eval('fetch("/by-fetch")')
  await window.eval(`new Promise(resolve => {
    const request = new XMLHttpRequest()
    request.open('GET', '/by-jsdom')
    request.onload = resolve
    request.send()
  })`)
  const [ours, jsdoms] = requests.map(({ headers }) => [
    headers['user-agent'],
    headers['accept-language'],
    headers.referer,
  ])
  assert.match(String(ours?.[0]), /jsdom\//)
  assert.deepEqual(ours, jsdoms)
})
