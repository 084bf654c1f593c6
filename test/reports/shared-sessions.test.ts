import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formats, renderTerminal } from '../../reports/index.ts'
import type { Measurement } from '../../results/result.ts'
import { findings } from './arranged.ts'
import { measurementOf, resultOf } from './fixture.ts'

/** Two pages in each session, of which each missed about half of what was due. */
function twoPages(run: number): Measurement {
  const usual = measurementOf({ technique: 'long-polling', run })
  return {
    ...usual,
    events: { ...usual.events, expected: 1_000, delivered: 500, takenByOther: 500 },
    pages: [
      { page: 1, expected: 500, delivered: 240, missed: 260 },
      { page: 2, expected: 500, delivered: 260, missed: 240 },
    ],
  }
}

const told =
  'The pages of a session share one queue, so each event reaches only one of them. With long-polling the pages of a session took 1,000 of 2,000 deliveries from each other: page 1 missed 520 of 1,000, page 2 missed 480 of 1,000.'

test('pages that share a queue are never said to have got everything, in any format', () => {
  const result = resultOf([twoPages(1), twoPages(2)])
  const textOf = (topic: string): string | undefined =>
    findings(result).find(each => each.topic === topic)?.text
  assert.equal(textOf('Sessions'), told)
  assert.match(
    textOf('Workload') ?? '',
    /It passed: no event was lost or duplicated, but pages of one session took 1,000 deliveries from each other\.$/,
  )
  for (const text of [
    renderTerminal(result, { color: false, width: 1_000 }),
    formats.markdown.render(result),
    formats.html.render(result),
  ])
    assert.ok(text.includes(told), text.slice(0, 2_000))
})

test('where each page has a queue of its own nothing is said of sessions', () => {
  const usual = measurementOf({ technique: 'sse' })
  assert.ok(!findings(resultOf([usual])).some(({ topic }) => topic === 'Sessions'))
})
