/** Limits of Chromium that affect its page clients, as far as a test can check them. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import type { Page } from 'playwright-core'
import { run } from '../../index.ts'
import { launchChromium } from '../../pages/chromium.ts'

/** A page on the origin of a server that answers `/events` by `answer`. */
async function pageOn(t: TestContext, answer: (response: ServerResponse) => void): Promise<Page> {
  const server = createServer((request, response) => {
    if (request.url === '/events') answer(response)
    else response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html><title>t</title>')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const browser = await launchChromium()
  t.after(async () => {
    await browser.close()
    server.closeAllConnections()
    server.close()
  })
  const page = await browser.newPage()
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  return page
}

test('a page has six connections to a host: of eight EventSources two wait until others are closed', async t => {
  const page = await pageOn(t, response => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write(': open\n\n')
  })
  const opened = await page.evaluate(`new Promise(resolve => {
    const open = []
    const sources = Array.from({ length: 8 }, (_, index) => {
      const source = new EventSource('/events')
      source.onopen = () => {
        open.push(index)
        // Without a limit the other two would be open long before; a busy machine can only hide that there is none.
        if (open.length === 6) setTimeout(() => {
          const atFirst = open.length
          sources[open[0]].close()
          sources[open[1]].close()
          setInterval(() => open.length === 8 && resolve([atFirst, open.length]), 10)
        }, 300)
      }
      return source
    })
  })`)
  assert.deepEqual(opened, [6, 8])
})

test('page clients have a browser context each and do not share that limit: eight streams stand open at once', async () => {
  const result = await run({
    technique: 'sse',
    clients: 8,
    browserClients: 8,
    rate: '20/s',
    warmup: '200ms',
    duration: '1s',
    ceiling: '0',
  })
  const browser = result.measurements[0]?.kinds?.find(({ kind }) => kind === 'browser')
  assert.equal(browser?.connected, 8)
  assert.ok(browser.events.expected > 0)
  assert.equal(browser.events.delivered, browser.events.expected)
})

test('an XMLHttpRequest hears of new bytes at most every 50 ms, as its recorded deviation says', async t => {
  const lines = 60
  const page = await pageOn(t, response => {
    response.writeHead(200, {
      'Content-Type': 'text/plain; charset=utf-8',
      'X-Content-Type-Options': 'nosniff',
    })
    let written = 0
    const timer = setInterval(() => {
      response.write('line\n')
      if (++written < lines) return
      clearInterval(timer)
      response.end()
    }, 10)
  })
  const calls = (await page.evaluate(`new Promise(resolve => {
    const calls = []
    const request = new XMLHttpRequest()
    request.open('GET', '/events')
    request.onreadystatechange = () => request.readyState === 3 && calls.push(performance.now())
    request.onload = () => resolve(calls)
    request.send()
  })`)) as number[]
  const gaps = calls.slice(1).map((at, index) => at - (calls[index] ?? 0))
  assert.ok(gaps.length >= 3, `${calls.length} calls for ${lines} lines`)
  // The last call may come early, with the end of the response.
  const shortest = Math.min(...gaps.slice(0, -1))
  assert.ok(shortest > 40, `calls as close as ${shortest} ms`)
})
