/** Our servers read by others' parsers: dicer for multipart, parse5 and a JavaScript engine for scripts. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type TestContext, test } from 'node:test'
import { createContext, runInContext } from 'node:vm'
import Dicer from 'dicer'
import { type DefaultTreeAdapterTypes, parse } from 'parse5'
import { encodeEvent, type PushEvent } from '../../model/event.ts'
import { nastyPayloads } from '../../verify/payloads.ts'
import { eventOf, serve } from '../served.ts'
import { type Adapters, declaring, known, streams } from '../streams.ts'

const events: readonly PushEvent[] = Object.values(nastyPayloads).map((payload, index) =>
  eventOf(index + 1, payload),
)

/** What a script is called with: the parsed texts of the events. */
const called: readonly unknown[] = events.map(event => JSON.parse(encodeEvent(event)))

type Node = DefaultTreeAdapterTypes.ChildNode

/** The texts of the script elements of a page, as the HTML standard finds them. */
function scriptsOf(html: string, type: string | undefined): string[] {
  const scripts: string[] = []
  const walk = (nodes: readonly Node[]): void => {
    for (const node of nodes) {
      if (!('childNodes' in node)) continue
      const itsType = node.attrs.find(({ name }) => name === 'type')?.value
      if (node.tagName === 'script' && itsType === type)
        scripts.push(node.childNodes.map(child => ('value' in child ? child.value : '')).join(''))
      walk(node.childNodes)
    }
  }
  walk(parse(html).childNodes)
  return scripts
}

/** A JavaScript realm with a callback that keeps what it is called with; `parent` and `window` are itself. */
function page(): { run(script: string): void; readonly calls: unknown[] } {
  const calls: unknown[] = []
  const realm = createContext({ keep: (json: string) => calls.push(JSON.parse(json)) })
  runInContext(
    'var window = globalThis, parent = globalThis, app = {}; app.push = event => keep(JSON.stringify(event))',
    realm,
  )
  return { calls, run: script => void runInContext(script, realm) }
}

/** The whole of a response that its limit of bytes ends: it closes with the first write beyond one byte. */
async function wholeBody(t: TestContext, adapters: Adapters, query = ''): Promise<[string, string]> {
  const served = await serve(t, adapters.server, { settings: known(adapters, { limit: 1 }) })
  for (const event of events) served.server.publish(0, event)
  const response = await fetch(`${served.url}?stream=0&since=0${query}`)
  return [response.headers.get('content-type') ?? '', await response.text()]
}

const html = (type: string): boolean => type.startsWith('text/html')

for (const adapters of streams.filter(({ server }) => 'callback' in server.settings)) {
  test(`the script elements that parse5 finds in ${adapters.technique} call the page with every event`, async t => {
    const [type, body] = await wholeBody(t, adapters, '&callback=app.push')
    assert.ok(html(type))
    const { run, calls } = page()
    const scripts = scriptsOf(body, undefined)
    for (const script of scripts) run(script)
    assert.equal(scripts.length, events.length + 1, 'one to open the stream and one an event')
    assert.deepEqual(calls, called)
  })
}

for (const adapters of declaring('callback').filter(({ server }) => !('lifetime' in server.settings))) {
  test(`the body of ${adapters.technique} evaluates to one call with every event`, async t => {
    const [type, body] = await wholeBody(t, adapters, '&callback=app.push')
    assert.match(type, /^text\/javascript/)
    const { run, calls } = page()
    run(body)
    assert.deepEqual(calls, [called])
  })
}

for (const adapters of declaring('page').filter(({ server }) => !('callback' in server.settings))) {
  test(`parse5 finds the events in the pages of ${adapters.technique}`, async t => {
    const [type, body] = await wholeBody(t, adapters)
    const pages = html(type) ? [body] : (await partsOf(type, body)).map(part => part.body)
    const found = pages.flatMap(each =>
      scriptsOf(each, 'application/json').flatMap((text): unknown[] => JSON.parse(text)),
    )
    assert.deepEqual(found, called)
  })
}

interface Part {
  readonly type: string | undefined
  readonly body: string
}

/** The parts that dicer finds; rejects when the body is not closed in order. */
async function partsOf(type: string, body: string, pieceBytes = Number.POSITIVE_INFINITY): Promise<Part[]> {
  const boundary = /boundary="([^"]+)"/.exec(type)?.[1]
  assert.ok(boundary)
  const parser = new Dicer({ boundary })
  const parts: { type: string | undefined; pieces: Buffer[] }[] = []
  parser.on('part', stream => {
    const part: (typeof parts)[number] = { type: undefined, pieces: [] }
    parts.push(part)
    stream.on('header', header => {
      part.type = (header as Record<string, string[]>)['content-type']?.[0]
    })
    stream.on('data', piece => part.pieces.push(Buffer.from(piece)))
  })
  const finished = once(parser, 'finish')
  const bytes = Buffer.from(body)
  for (let at = 0; at < bytes.length; at += pieceBytes) parser.write(bytes.subarray(at, at + pieceBytes))
  parser.end()
  await finished
  return parts.map(({ type: each, pieces }) => ({ type: each, body: Buffer.concat(pieces).toString() }))
}

for (const [how, pieceBytes] of [
  ['in one piece', Number.POSITIVE_INFINITY],
  ['byte by byte', 1],
] as const) {
  test(`dicer finds a part for each event of multipart-xhr, given ${how}`, async t => {
    const [adapters] = streams.filter(({ technique }) => technique === 'multipart-xhr')
    assert.ok(adapters)
    const [type, body] = await wholeBody(t, adapters)
    assert.deepEqual(
      await partsOf(type, body, pieceBytes),
      events.map(event => ({ type: 'application/json', body: encodeEvent(event) })),
    )
  })
}

test('dicer finds a page for each event of server-push, and one that opens it', async t => {
  const [adapters] = streams.filter(({ technique }) => technique === 'server-push')
  assert.ok(adapters)
  const parts = await partsOf(...(await wholeBody(t, adapters)))
  assert.equal(parts.length, events.length + 1)
  for (const { type, body } of parts) {
    assert.equal(type, 'text/html; charset=utf-8')
    assert.match(body, /^<!doctype html>.*<\/html>\n$/s)
  }
})
