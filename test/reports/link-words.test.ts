import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formats, renderTerminal } from '../../reports/index.ts'
import { linkPhrase } from '../../reports/link-words.ts'
import type { StoredLink } from '../../results/result.ts'
import { findings } from './arranged.ts'
import { measurementOf, resultOf, type Traits } from './fixture.ts'
import { four, fourTechniques } from './results.ts'

const plain: StoredLink = {
  rttMicros: 0,
  jitterMicros: 0,
  bandwidthBitsPerSecond: null,
  bufferBytes: null,
  rechunkBytes: null,
  idleCutMicros: null,
}

/** The four techniques through a link. */
const through = (link: Partial<StoredLink>, more: (traits: Traits) => Partial<Traits> = () => ({})) =>
  resultOf(four.map(traits => measurementOf({ ...traits, link: { ...plain, ...link }, ...more(traits) })))

const textOf = (result: ReturnType<typeof through>, topic: string): string | undefined =>
  findings(result).find(each => each.topic === topic)?.text

for (const [link, phrase] of [
  [{}, 'through a relay that changes nothing'],
  [{ rttMicros: 50_000 }, 'through a link with 50 ms round trip'],
  [
    { rttMicros: 50_000, jitterMicros: 5_000, bandwidthBitsPerSecond: 10_000_000 },
    'through a link with 50 ms round trip, up to 5 ms jitter each way and 10 Mbit/s',
  ],
  [{ bandwidthBitsPerSecond: 64_000 }, 'through a link with 64 kbit/s'],
  [
    { bufferBytes: 4_096, rechunkBytes: 1 },
    'through a link with a buffer of 4 KiB and chunks of at most 1 B',
  ],
  [
    { bufferBytes: 'until-end', idleCutMicros: 60_000_000 },
    'through a link with a buffer until the end of each response and idle connections cut after 60 s',
  ],
] as const) {
  test(phrase, () => assert.equal(linkPhrase({ ...plain, ...link }), phrase))
}

test('without a link the report does not mention one', () => {
  const result = fourTechniques()
  assert.equal(textOf(result, 'Link'), undefined)
  const page = formats.html.render(result)
  assert.match(page, /Loopback hides the network/)
  assert.doesNotMatch(page, /The link is/)
  assert.doesNotMatch(formats.markdown.render(result), /relay/)
})

test('a number that was taken through the relay says so in every report, with what the relay itself added', () => {
  const result = through({ rttMicros: 50_000 }, ({ technique }) =>
    technique === 'sse' ? { relay: { addedP50Micros: 240 } } : {},
  )
  const expected =
    'Clients reached the server through a link with 50 ms round trip. The relay itself added 110–240 µs (median) and 620 µs (99th percentile) to each one-way transit.'
  assert.equal(textOf(result, 'Link'), expected)
  assert.match(textOf(result, 'Workload') ?? '', /5 s measured, through a link with 50 ms round trip\./)
  const terminal = renderTerminal(result, { color: false, width: 400 })
  assert.ok(terminal.includes(`Link: ${expected}`), terminal)
  assert.match(formats.markdown.render(result), /\*\*Link\.\*\* Clients reached the server/)
  const page = formats.html.render(result)
  assert.match(page, /class="subject">[^<]*through a link with 50 ms round trip/)
  assert.match(page, /The link is a relay process/)
  assert.match(page, /The link is a model/)
  assert.doesNotMatch(page, /Loopback hides the network/)
  const [head = '', row = ''] = formats.csv.render(result).split('\r\n')
  assert.match(head, /,link,.*relay\.addedP50 \(us\)/)
  assert.match(row, /""rttMicros"":50000/)
})

test('a buffer that lets no stream through is described in words, as is one that everything passes', () => {
  const silenced = through({ bufferBytes: 'until-end' }, ({ technique }) =>
    technique === 'sse' ? { heldBack: 1_000, failures: ['no event was received'] } : { heldBack: 0 },
  )
  assert.equal(
    textOf(silenced, 'Buffer'),
    'The body of a response was held back until the response had ended. So nothing reached the clients of sse, because the response of a stream does not end.',
  )
  const partly = through({ bufferBytes: 4_096 }, ({ technique }) =>
    technique === 'sse' ? { heldBack: 30 } : { heldBack: 0 },
  )
  assert.match(
    renderTerminal(partly, { color: false, width: 400 }),
    /delivered +held back .*\n(.*\n)*.*sse +passed .* 30 /,
  )
  assert.match(formats.markdown.render(partly), /\| delivered \| held back \|/)
  assert.doesNotMatch(formats.markdown.render(fourTechniques()), /held back/)
  assert.equal(
    textOf(partly, 'Buffer'),
    'The body of a response was held back until 4 KiB had come or the response had ended. When the run ended the buffer still held 30 deliveries to the clients of sse: they are late, not lost.',
  )
  assert.match(
    textOf(through({ bufferBytes: 1 }), 'Buffer') ?? '',
    /Every technique still delivered its events\.$/,
  )
})

test('events that the link held back are named in the verdict', () => {
  const partly = through({ bufferBytes: 4_096 }, ({ technique }) =>
    technique === 'sse' ? { heldBack: 30 } : { heldBack: 0 },
  )
  assert.match(
    textOf(partly, 'Workload') ?? '',
    /All 4 passed: no event was lost or duplicated, but the link still held back 30 deliveries at the end\.$/,
  )
})

test('connections that an idle cut closed are told with their numbers, and so is a cut that closed none', () => {
  const cut = through({ idleCutMicros: 300_000 }, ({ technique }) => ({
    relay: { idleCuts: technique === 'sse' ? 99 : technique === 'websocket' ? 296 : 0 },
  }))
  const told =
    'As asked, the link closed connections that carried nothing for 300 ms: 395 in the measured window, 296 with websocket, 99 with sse, 0 with polling and 0 with long-polling. A heartbeat, ping, hold or interval shorter than that keeps a connection open.'
  assert.equal(textOf(cut, 'Idle cut'), told)
  assert.ok(renderTerminal(cut, { color: false, width: 400 }).includes(`Idle cut: ${told}`))
  assert.equal(
    textOf(through({ idleCutMicros: 60_000_000 }), 'Idle cut'),
    'No connection was idle for 60 s, so the link closed none.',
  )
  assert.equal(textOf(through({ rttMicros: 50_000 }), 'Idle cut'), undefined)
})

test('a result that counted as lost what a buffer held reads as before', () => {
  const older = through({ bufferBytes: 4_096 }, ({ technique }) =>
    technique === 'sse' ? { lost: 30, failures: ['30 of 1,000 deliveries never came'] } : {},
  )
  assert.match(textOf(older, 'Buffer') ?? '', /the buffer still held 30 deliveries to the clients of sse/)
})

test('a relay that forwarded nothing has no share to show', () => {
  const result = through({}, () => ({ relay: { segments: 0, addedP50Micros: null, addedP99Micros: null } }))
  assert.match(textOf(result, 'Link') ?? '', /Nothing passed the relay/)
  for (const { text } of findings(result)) assert.doesNotMatch(text, /NaN|undefined|null/)
})
