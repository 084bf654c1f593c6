import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Link, linkWith, longestTransit, orNone, parseBuffer, plainLink } from '../../model/link.ts'
import { parseBandwidth } from '../../model/quantity.ts'
import { micros, milliseconds, seconds } from '../../model/units.ts'
import { runOptionsSchema } from '../../plan/options.ts'
import { planRuns } from '../../plan/plan.ts'
import { storedLink } from '../../results/stored-workload.ts'

const full: Link = {
  rtt: milliseconds(50),
  jitter: milliseconds(5),
  bandwidth: 10_000_000,
  buffer: 4_096,
  rechunk: 1,
  idleCut: seconds(60),
}

test('nothing asked for leaves a workload as it was, without a link or with its own', () => {
  const nothing = { rtt: undefined, buffer: undefined }
  assert.equal(linkWith(null, {}), null)
  assert.equal(linkWith(null, nothing), null)
  assert.equal(linkWith(full, nothing), full)
})

test('what is asked for makes a link of an otherwise plain one, or changes a field of one that is there', () => {
  assert.deepEqual(linkWith(null, { rechunk: 1 }), { ...plainLink, rechunk: 1 })
  assert.deepEqual(linkWith(full, { buffer: null, rtt: undefined }), { ...full, buffer: null })
  // No delay at all is the control that shows what the relay itself adds.
  assert.deepEqual(linkWith(null, { rtt: micros(0) }), plainLink)
})

for (const [text, value] of [
  ['4KiB', 4_096],
  ['1', 1],
  ['4MiB', 4_194_304],
  ['until-end', 'until-end'],
] as const) {
  test(`the buffer ${text} is ${value}`, () => assert.deepEqual(parseBuffer(text), { value }))
}

for (const text of ['0', '4MiB1', '4.1MiB', 'end', '']) {
  test(`"${text}" is not a buffer`, () => assert.ok('problem' in parseBuffer(text)))
}

test('none takes back what a scenario or a file has set', () => {
  assert.deepEqual(orNone(parseBandwidth)('none'), { value: null })
  assert.deepEqual(orNone(parseBandwidth)('1Mbit'), { value: 1_000_000 })
  assert.ok('problem' in orNone(parseBandwidth)('nothing'))
})

test('a drain allows for two round trips with their jitter', () => {
  assert.equal(longestTransit(null), 0)
  assert.equal(longestTransit(full), 120_000)
})

test('a link is stored with its units in its names', () => {
  assert.deepEqual(storedLink(full), {
    rttMicros: 50_000,
    jitterMicros: 5_000,
    bandwidthBitsPerSecond: 10_000_000,
    bufferBytes: 4_096,
    rechunkBytes: 1,
    idleCutMicros: 60_000_000,
  })
})

test('each field is an option of its own, and no option is no link', () => {
  const [plain] = planRuns({ technique: 'sse' })
  assert.equal(plain?.workload.link, null)
  assert.equal(plain?.layout.relays, 0)
  const [plan] = planRuns({
    technique: 'sse',
    rtt: '50ms',
    jitter: '5ms',
    bandwidth: '10Mbit',
    buffer: '4KiB',
    rechunk: 1,
    idleCut: '60s',
  })
  assert.deepEqual(plan?.workload.link, full)
  assert.equal(plan?.layout.relays, 1)
  const fields = Object.keys(plainLink)
  for (const field of fields) assert.ok(field in runOptionsSchema.shape, field)
})
