/** Our servers with Chromium as the client: iframe, script element, XMLHttpRequest, EventSource, fetch, WebSocket. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { encodeEvent, type PushEvent } from '../../model/event.ts'
import { launchChromium } from '../../pages/chromium.ts'
import type { Technique } from '../../servers/index.ts'
import { nastyPayloads } from '../../verify/payloads.ts'
import { eventOf, serve } from '../served.ts'
import { known, techniques } from '../streams.ts'

const events: readonly PushEvent[] = Object.values(nastyPayloads).map((payload, index) =>
  eventOf(index + 1, payload),
)
const texts: readonly string[] = events.map(event => JSON.stringify(JSON.parse(encodeEvent(event))))

const target = '/events?stream=0&since=0'

/** Feeds the lines, or the parts, of a response to the page as they come. */
const progressive = (split: string): string =>
  `const request = new XMLHttpRequest()
   let from = 0
   request.onprogress = () => {
     const pieces = request.responseText.split(${split})
     for (const piece of pieces.slice(from, -1)) {
       const body = piece.slice(piece.indexOf('\\r\\n\\r\\n') < 0 ? 0 : piece.indexOf('\\r\\n\\r\\n') + 4)
       if (body.trim() !== '') heard(JSON.parse(body))
     }
     from = pieces.length - 1
   }
   request.open('GET', '${target}')
   request.send()`

/**
 * What a page does to be given the events, for each mechanism that a browser has; `heard` takes one, `allHeard` an array
 * where a call brings many. The page scripts of all techniques are verified in `test/pages`.
 */
const pages: Partial<Record<Technique, string>> = {
  'forever-frame': `const frame = document.createElement('iframe'); frame.src = '${target}&callback=heard'; document.body.append(frame)`,
  'jsonp-polling': `const script = document.createElement('script'); script.src = '${target}&callback=allHeard'; document.body.append(script)`,
  'script-long-polling': `const script = document.createElement('script'); script.src = '${target}&callback=allHeard'; document.body.append(script)`,
  'page-streaming': `location.replace('${target}&callback=heard')`,
  'xhr-streaming': progressive(`'\\n'`),
  'multipart-xhr': progressive(`/(?:^|\\r\\n)--pushbench-part/`),
  sse: `new EventSource('${target}').onmessage = message => heard(JSON.parse(message.data))`,
  'fetch-streaming': `(async () => {
     const reader = (await fetch('${target}')).body.pipeThrough(new TextDecoderStream()).getReader()
     for (let rest = '', step; !(step = await reader.read()).done; ) {
       const lines = (rest + step.value).split('\\n')
       rest = lines.pop()
       for (const line of lines) if (line !== '') heard(JSON.parse(line))
     }
   })()`,
  websocket: `new WebSocket('ws://' + location.host + '${target}').onmessage = message => heard(JSON.parse(message.data))`,
}

/** Techniques whose page asks once here, and so is given what there was by then. */
const askOnce: readonly string[] = ['jsonp-polling', 'script-long-polling']

describe('Chromium hears our server of', () => {
  let browser: Browser | undefined
  before(async () => {
    browser = await launchChromium()
  })
  after(() => browser?.close())

  for (const [technique, script] of Object.entries(pages)) {
    test(technique, async t => {
      const adapters = techniques.find(each => each.technique === technique)
      assert.ok(adapters)
      const served = await serve(t, adapters.server, { settings: known(adapters, {}) })
      const tab = await browser?.newPage()
      assert.ok(tab)
      t.after(() => tab.close())
      await tab.addInitScript(
        'globalThis.events = []; globalThis.heard = event => events.push(JSON.stringify(event)); globalThis.allHeard = all => all.forEach(heard)',
      )
      await tab.route(`${served.url.origin}/`, route =>
        route.fulfill({ contentType: 'text/html', body: '<!doctype html><body>' }),
      )
      const half = askOnce.includes(technique) ? events.length : Math.floor(events.length / 2)
      for (const event of events.slice(0, half)) served.server.publish(0, event)
      await tab.goto(`${served.url.origin}/`)
      await tab.evaluate(`{ ${script} }; 0`)
      const became = (count: number): Promise<unknown> =>
        tab.waitForFunction(`events.length >= ${count}`, null, { timeout: 20_000, polling: 20 })
      await became(half)
      for (const event of events.slice(half)) served.server.publish(0, event)
      await became(events.length)
      assert.deepEqual(await tab.evaluate('events'), texts)
    })
  }
})
