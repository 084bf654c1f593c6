/**
 * A stored result of each kind, as a run wrote it, rendered by every format: what is read first must be the same in each,
 * and no later version may lose the power to read it.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { formats, renderTerminal } from '../../reports/index.ts'
import { parseResult, type Result } from '../../results/result.ts'

const folder = join(import.meta.dirname, '../golden/results')

function stored(name: string): Result {
  const file = join(folder, `${name}.json`)
  return parseResult(readFileSync(file, 'utf8'), file)
}

/** Text without the markup of its format and without the breaks of its lines. */
const plain = (text: string): string =>
  text
    .replace(/<(script|style).*?<\/\1>/gs, '')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('\\', '')
    .replace(/[\s\u00a0]+/g, ' ')

interface Golden {
  readonly name: string
  /** The first sentence of the report. */
  readonly headline: string
  /** What the report must say besides, wherever it tells more than numbers. */
  readonly also: readonly string[]
  readonly measurements: number
  readonly failed: number
}

const goldens: readonly Golden[] = [
  {
    name: 'calm',
    headline:
      'websocket, sse and long-polling delivered an event in 1.58–2.90 ms at the median; polling took 526 ms, about 181 times as long (at least 108).',
    also: [
      'Of the 3 that are equally fast, websocket sent clients the least, 132 B an event, and long-polling the most, 312 B, 2.4 times as much.',
      'All 4 passed.',
    ],
    measurements: 4,
    failed: 0,
  },
  {
    name: 'storm',
    headline:
      'After restart, polling · none made 1,344 attempts within 100 ms, 13.4 per client; sse · full-jitter only 20.',
    also: ['Every affected client came back.'],
    measurements: 4,
    failed: 0,
  },
  {
    name: 'pages',
    headline:
      'sse delivered an event in 3.07 ms at the median; polling took 525 ms, about 171 times as long (at least 81).',
    also: ['There are too few samples to tell whether page and wire medians agree.'],
    measurements: 2,
    failed: 0,
  },
  {
    name: 'own-server',
    headline: 'All 3 delivered an event equally fast: in 2.05–2.36 ms at the median.',
    also: ['sse · ./examples/express-better-sse/server.ts the most, 160 B, 1.2 times as much.'],
    measurements: 3,
    failed: 0,
  },
  {
    name: 'failed',
    headline: 'sse delivered an event in 1.75 ms at the median.',
    also: ['polling failed: 553 of 610 deliveries never came.'],
    measurements: 2,
    failed: 1,
  },
]

for (const { name, headline, also, measurements, failed } of goldens) {
  const result = stored(name)

  for (const [format, text] of [
    ['html', formats.html.render(result)],
    ['markdown', formats.markdown.render(result)],
    ['terminal', renderTerminal(result, { color: false, width: 120 })],
  ] as const)
    test(`${format} of the stored ${name} result answers first`, () => {
      const read = plain(text)
      const [answer, table] = [read.indexOf(headline), read.search(/\btechnique\b[ |]+(state|p50)/)]
      assert.ok(answer >= 0, read.slice(0, 600))
      assert.ok(answer < table, `the answer is at ${answer}, the first table at ${table}`)
      for (const sentence of also) assert.ok(read.includes(sentence), sentence)
      assert.doesNotMatch(read, /\bNaN\b|\bundefined\b|\[object|\bInfinity\b/)
    })

  test(`formats for machines have every measurement of the stored ${name} result`, () => {
    assert.equal(formats.csv.render(result).trim().split('\r\n').length, 1 + measurements)
    assert.match(formats.csv.render(result), /,egress\.perDelivery \(bytes\),/)
    assert.match(
      formats.junit.render(result),
      new RegExp(`<testsuites name="pushbench" tests="${measurements}" failures="${failed}"`),
    )
    assert.equal(formats.annotations.render(result).split('::error').length - 1, failed)
    const entries = JSON.parse(formats['action-benchmark'].render(result)) as { name: string }[]
    assert.ok(entries.length >= measurements)
  })
}
