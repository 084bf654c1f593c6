/** Titles and leads: what is within noise is no headline. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bytesPerDelivery } from '../../reports/chapters/byte-figures.ts'
import { correctnessSentence } from '../../reports/chapters/columns.ts'
import { cpuPerDelivery } from '../../reports/chapters/cost-figures.ts'
import { costPicture } from '../../reports/chapters/cost-picture.ts'
import type { Measurement } from '../../results/result.ts'
import { scenarios } from './arranged.ts'
import { measurementOf, resultOf, type Traits } from './fixture.ts'

function scenarioOf(...all: readonly Traits[]) {
  const [scenario] = scenarios(resultOf(all.map(measurementOf)))
  assert.ok(scenario)
  return scenario
}

/** The title of the trade-off with server CPU. */
const cpuPicture = (...all: readonly Traits[]): string | undefined =>
  costPicture(scenarioOf(...all))?.options.find(({ label }) => label === 'CPU per event')?.figure.title

const techniques = ['sse', 'websocket', 'fetch-streaming', 'polling'] as const

for (const [name, cpus, title] of [
  [
    'a lead below 5 % is none',
    [60.8, 61.4, 62.3, 200],
    'An event cost the server 60.8–62.3 µs of CPU with 3 techniques, 200 µs with polling',
  ],
  [
    'a lead of 5 % is one',
    [60, 63.1, 150, 200],
    'An event cost the server 60 µs of CPU with sse, 200 µs with polling',
  ],
  ['nothing leads', [60, 61, 62, 62.5], 'An event cost the server 60–62.5 µs of CPU with all 4'],
] as const)
  test(`CPU: ${name}`, () => {
    const traits = techniques.map((technique, at) => ({ technique, cpu: cpus[at] ?? 0 }))
    assert.equal(cpuPerDelivery(scenarioOf(...traits)).title, title)
  })

test('a lead within the range of the runs is none', () => {
  const runs = ([sse, websocket]: readonly [readonly number[], readonly number[]]): Traits[] => [
    ...sse.map((cpu, at) => ({ technique: 'sse', cpu, run: at + 1 })),
    ...websocket.map((cpu, at) => ({ technique: 'websocket', cpu, run: at + 1 })),
  ]
  const titleOf = (all: Parameters<typeof runs>[0]) => cpuPerDelivery(scenarioOf(...runs(all))).title
  assert.match(
    titleOf([
      [50, 60, 90],
      [80, 85, 88],
    ]),
    /60–85 µs of CPU with both$/,
  )
  assert.match(
    titleOf([
      [50, 60, 70],
      [80, 85, 88],
    ]),
    /60 µs of CPU with sse, 85 µs with websocket/,
  )
})

test('the picture says how fast the cheapest is, whoever it is', () => {
  const fast = { fastest: 1, slowest: 1 }
  const slow = { fastest: 500, slowest: 500 }
  assert.equal(
    cpuPicture(
      { technique: 'sse', cpu: 60, ...fast },
      { technique: 'websocket', cpu: 61, ...fast },
      { technique: 'polling', cpu: 90, ...slow },
    ),
    'sse and websocket take the least server CPU, about the same (60–61 µs); each of them has one of the 2 lowest medians',
  )
  assert.equal(
    cpuPicture(
      { technique: 'sse', cpu: 60, ...fast },
      { technique: 'websocket', cpu: 80, ...fast },
      { technique: 'polling', cpu: 90, ...slow },
    ),
    'sse takes the least server CPU (60 µs) and has one of the 2 lowest medians',
  )
  assert.equal(
    cpuPicture({ technique: 'sse', cpu: 60, ...fast }, { technique: 'polling', cpu: 20, ...slow }),
    'sse is faster, but polling takes the least server CPU (20 µs)',
  )
  assert.equal(
    cpuPicture({ technique: 'sse', cpu: 60, ...fast }, { technique: 'polling', cpu: 61, ...slow }),
    'sse and polling take the least server CPU, about the same (60–61 µs); sse is the fastest',
  )
})

test('one technique has no picture of a trade-off', () => {
  assert.equal(costPicture(scenarioOf({ technique: 'sse' })), null)
})

/** A measurement of which so many deliveries came and so many were lost. */
const delivering = (delivered: number, lost: number, technique = 'sse'): Measurement => {
  const run = measurementOf({ technique })
  return { ...run, events: { ...run.events, expected: delivered + lost, delivered, lost } }
}

for (const [delivered, lost, sentence] of [
  [0, 40, 'All clients were connected; 0 events were delivered, 40 were lost.'],
  [960, 40, 'All clients were connected and no event was duplicated, in 960 deliveries.'],
  [1_000, 0, 'All clients were connected, no event was lost and none was duplicated, in 1,000 deliveries.'],
] as const)
  test(`what the table leaves out, of ${delivered} deliveries with ${lost} lost`, () => {
    const [scenario] = scenarios(resultOf([delivering(delivered, lost)]))
    assert.equal(correctnessSentence(scenario?.series ?? [], ''), sentence)
  })

for (const [others, sentence] of [
  [
    ['websocket'],
    'sse and websocket: all clients were connected, no event was lost and none was duplicated, in 1,000 deliveries each.',
  ],
  [
    ['websocket', 'long-polling', 'busy-polling'],
    'The 4 that passed: all clients were connected, no event was lost and none was duplicated, in 1,000 deliveries each.',
  ],
] as const)
  test(`what the table leaves out is not said of one that failed, beside ${others.length + 1}`, () => {
    const sound = ['sse', ...others].map(technique => delivering(1_000, 0, technique))
    const died = measurementOf({ technique: 'polling', failures: ['its server died'] })
    const [scenario] = scenarios(resultOf([...sound, died]))
    assert.equal(correctnessSentence(scenario?.series ?? [], ''), sentence)
  })

test('what the table leaves out is said of none where none passed', () => {
  const [scenario] = scenarios(resultOf([measurementOf({ technique: 'sse', failures: ['its server died'] })]))
  assert.equal(correctnessSentence(scenario?.series ?? [], ''), null)
})

for (const [techniques, label] of [
  [['sse', 'polling'], 'egress: headers and framing'],
  [['sse', 'page-refresh'], 'egress: headers, framing and the rest of a page'],
  [['server-push'], 'egress: headers, framing and the rest of a page'],
] as const)
  test(`what the overhead of ${techniques.join(' and ')} is made of`, () => {
    const { chart, numbers } = bytesPerDelivery(scenarioOf(...techniques.map(technique => ({ technique }))))
    assert.ok(chart?.kind === 'rows')
    assert.deepEqual(
      chart.parts.map(part => part.label),
      ['egress: payload', label, 'ingress'],
    )
    assert.ok(numbers.heads.some(({ text }) => text === label))
  })
