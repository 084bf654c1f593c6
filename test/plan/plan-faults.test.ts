/** Which storms options ask for: faults x backoffs over a workload, where they apply to a technique. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clients } from '../../clients/index.ts'
import { faults } from '../../faults/index.ts'
import { formatBackoff } from '../../model/backoff-text.ts'
import { UsageError } from '../../model/usage-error.ts'
import type { RunOptions } from '../../plan/options.ts'
import { pairOf, planRuns } from '../../plan/plan.ts'

/** What the options ask for, a line each. */
const storms = (options: RunOptions): string[] =>
  planRuns({ technique: 'sse', duration: '10s', ...options }).map(
    ({ pair, fault, workload }) =>
      `${pair.technique} ${fault?.text ?? 'nothing'} ${formatBackoff(workload.backoff)}`,
  )

const asked: readonly (readonly [what: string, options: RunOptions, storms: readonly string[]])[] = [
  ['no fault and two policies', { backoff: ['none', 'fixed'] }, ['sse nothing none', 'sse nothing fixed']],
  [
    'two faults and two policies',
    { fault: ['restart', 'drop'], backoff: ['none', 'fixed'] },
    ['sse restart none', 'sse restart fixed', 'sse drop none', 'sse drop fixed'],
  ],
  [
    'a herd, in which nobody comes back',
    { technique: 'long-polling', fault: ['herd'], backoff: ['none', 'fixed'] },
    ['long-polling herd none'],
  ],
  [
    'a herd, which does not apply to streams',
    { technique: ['sse', 'polling'], fault: ['herd', 'drop'], backoff: ['none'] },
    ['sse drop none', 'polling herd none', 'polling drop none'],
  ],
  ['a stall, which ends no connection', { fault: ['stall'], backoff: ['none', 'fixed'] }, ['sse stall none']],
]

for (const [what, options, expected] of asked) {
  test(`${what}: ${expected.length} runs`, () => assert.deepEqual(storms(options), expected))
}

const refused: readonly (readonly [fault: string, sentence: RegExp])[] = [
  ['restart:at=10s', /^--fault restart:at=10s: it happens 10s into a measured window of 10s: .*--duration$/],
  ['drop:at=11s', /^--fault drop:at=11s: it happens 11s into a measured window of 10s: /],
  ['restart:at=5s:down=5s', /^--fault restart:at=5s:down=5s: from 5s on it lasts 5s, beyond /],
  ['deploy:over=9s', /^--fault deploy:over=9s: from 1s on it lasts 9s, beyond /],
  ['blackhole:down=1h', /^--fault blackhole:down=1h: from 1s on it lasts 1h, beyond /],
  ['herd', /sse do not ask again/],
  ['stall:for=9s', /^--fault stall:for=9s: from 1s on it lasts 9s, beyond /],
]

for (const [fault, sentence] of refused) {
  test(`${fault} in ten seconds is refused in one sentence`, () => {
    assert.throws(
      () => storms({ fault: [fault] }),
      (error: unknown) => error instanceof UsageError && sentence.test(error.message),
    )
  })
}

test('a stall is refused next to page clients, which cannot stop reading', () => {
  assert.throws(() => storms({ fault: ['drop', 'stall'], domClients: 1 }), {
    constructor: UsageError,
    message: '--fault stall: it acts on wire clients only: leave out --dom-clients and --browser-clients',
  })
  assert.equal(storms({ fault: ['drop'], domClients: 1 }).length, 1)
})

test('a stall does not apply to a technique whose clients cannot pause', () => {
  const { pauses: _, ...client } = clients.sse
  const subject = { ...pairOf('sse'), client }
  assert.equal(faults.stall.refuses?.(pairOf('sse')), null)
  assert.match(faults.stall.refuses?.(subject) ?? '', /^clients of sse cannot stop reading/)
})

test('a fault that ends just before the window does is allowed', () => {
  assert.deepEqual(storms({ fault: ['restart:at=5s:down=4999ms'], backoff: ['none'] }), [
    'sse restart:at=5s:down=4999ms none',
  ])
})

test('a fault of the link brings a link, and leaves one that is there as it is', () => {
  const linkOf = (options: RunOptions) =>
    planRuns({ technique: 'sse', duration: '10s', ...options })[0]?.workload.link ?? null
  assert.equal(linkOf({ fault: ['restart'] }), null)
  assert.equal(linkOf({ fault: ['blackhole'] })?.rtt, 0)
  assert.equal(linkOf({ fault: ['blackhole'], rtt: '40ms' })?.rtt, 40_000)
})

test('a random moment is the same for every technique and policy of a seed, and another with another seed', () => {
  const moments = (seed: number): number[] =>
    planRuns({
      technique: ['sse', 'websocket'],
      duration: '20s',
      fault: ['drop:at=1s..9s'],
      backoff: ['none', 'fixed'],
      seed,
    }).map(({ fault }) => fault?.at ?? Number.NaN)
  assert.equal(new Set(moments(1)).size, 1)
  assert.notEqual(moments(1)[0], moments(2)[0])
})

const seedsOf = (seed: string, runs: string, technique = 'sse'): number[] =>
  planRuns({ technique, seed, runs }).map(({ workload }) => workload.seed)

test('series of neighbouring seeds share no schedule, and techniques of one repetition share theirs', () => {
  assert.equal(new Set([...seedsOf('1', '10'), ...seedsOf('2', '10')]).size, 20)
  assert.equal(new Set(seedsOf('1', '10', 'sse,polling')).size, 10)
})

test('one run with the seed that a repetition recorded is planned as that repetition', () => {
  const [, second] = planRuns({ technique: 'sse', seed: '5', runs: '2' })
  const [again] = planRuns({ technique: 'sse', seed: String(second?.workload.seed) })
  assert.deepEqual(again?.workload, second?.workload)
})
