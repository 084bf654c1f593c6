import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compareResults } from '../../compare/compare.ts'
import { readLevels } from '../../compare/levels.ts'
import { readMinimumEffects } from '../../compare/minimum-effects.ts'
import type { Result } from '../../results/result.ts'
import { drawing } from './random-samples.ts'
import { finding, runs, ten, withBytes, withLost } from './results.ts'
import { simulate } from './simulated.ts'

describe('levels as a user writes them', () => {
  test('several in one text or in many; the later one holds', () => {
    assert.deepEqual(
      readLevels(['latency.p99=error,server.rssPerClient=warn', 'emptyRatio = off', 'latency.p99=warn']),
      { value: { 'latency.p99': 'warn', 'server.rssPerClient': 'warn', emptyRatio: 'off' } },
    )
    assert.deepEqual(readLevels([]), { value: {} })
  })

  for (const [text, problem] of [
    ['latency.p9=warn', 'unknown metric "latency.p9": did you mean "latency.p99"?'],
    ['latency.p99=wran', 'latency.p99: unknown level "wran": did you mean "warn"?'],
    ['latency.p99=fatal', 'latency.p99: unknown level "fatal": choose from error, warn, off'],
    [
      'latency.p99',
      '"latency.p99" is not <metric>=<level>: write it like latency.p99=error, server.rssPerClient=warn or emptyRatio=off',
    ],
    ['runs.valid=off', 'runs.valid has no level: a run that the server breaks always fails'],
  ] as const)
    test(`${text} is refused`, () => assert.deepEqual(readLevels([text]), { problem }))

  test('a metric that exists and is not judged is refused with those that are', () => {
    const read = readLevels(['tieBand=warn'])
    assert.match(
      'problem' in read ? read.problem : '',
      /^a comparison does not judge tieBand: choose from lat/,
    )
  })

  test('a metric that is off has no minimum effect, and one that is switched on has', () => {
    const off = readMinimumEffects(['bytes.perDelivery=5%'])
    assert.match('problem' in off ? off.problem : '', /^bytes\.perDelivery is off, so that its effect never/)
    assert.deepEqual(readMinimumEffects(['bytes.perDelivery=5%'], { 'bytes.perDelivery': 'warn' }), {
      value: { 'bytes.perDelivery': 0.05 },
    })
  })
})

describe('levels in a comparison', () => {
  const [lighter, heavier] = [withBytes(ten(200, 0.1)), withBytes(ten(230, 0.1))]

  test('a regression that only warns is shown as one, and the comparison does not regress', () => {
    const { verdict, findings } = compareResults(lighter, heavier, {
      levels: { 'egress.perDelivery': 'warn' },
    })
    const found = finding(findings, 'egress.perDelivery')
    assert.deepEqual([verdict, found.verdict, found.level], ['unchanged', 'regressed', 'warn'])
  })

  test('what is off is not compared, is named, and takes no part in the error rate', () => {
    const world = { random: drawing('off') }
    const [base, head] = [simulate(['sse'], 10, world), simulate(['sse'], 10, world)]
    const all = compareResults(base, head)
    const less = compareResults(base, head, { levels: { emptyRatio: 'off', 'events.lost': 'off' } })
    assert.equal(less.family, all.family - 1)
    assert.ok(!less.findings.some(({ metric }) => metric === 'emptyRatio' || metric === 'events.lost'))
    assert.ok(less.notes.includes('not compared, as they are off: emptyRatio, events.lost'))
    const p99 = (of: typeof all) => finding(of.findings, 'latency.p99').p
    assert.equal(p99(less), p99(all))
  })

  test('a lost event that only warns fails nothing', () => {
    const options = { levels: { 'events.lost': 'warn' } } as const
    const { verdict, findings } = compareResults(withLost(Array(4).fill(0)), withLost([0, 1, 0, 0]), options)
    assert.deepEqual([verdict, finding(findings, 'events.lost').verdict], ['unchanged', 'regressed'])
  })

  /** Egress and ingress per event. */
  const traffic = (egress: number, ingress: number): Result =>
    runs(10, ({ bytes }, index) => ({
      bytes: {
        ...bytes,
        deliveries: 1_000,
        toClients: egress * 1_000 + index,
        toServer: ingress * 1_000 + index,
        perDelivery: egress + ingress,
      },
    }))

  test('egress fails, ingress warns, and their sum is compared only when it is asked for', () => {
    const verdicts = (head: Result, levels = {}) => {
      const { verdict, findings } = compareResults(traffic(150, 60), head, { levels })
      return [
        verdict,
        ...findings
          .filter(({ verdict }) => verdict === 'regressed')
          .map(({ metric, level }) => `${metric} ${level}`),
      ]
    }
    assert.deepEqual(verdicts(traffic(210, 60)), ['regressed', 'egress.perDelivery error'])
    assert.deepEqual(verdicts(traffic(150, 120)), ['unchanged', 'ingress.perDelivery warn'])
    assert.deepEqual(verdicts(traffic(150, 120), { 'bytes.perDelivery': 'error' }), [
      'regressed',
      'ingress.perDelivery warn',
      'bytes.perDelivery error',
    ])
  })
})

describe('memory per client', () => {
  const withMemory = (clients: number, bytes: number): Result =>
    runs(10, ({ clients: like, server, workload }, index) => ({
      workload: { ...workload, clients },
      clients: { ...like, asked: clients },
      server: { ...server, rssBytesPerClient: bytes + index },
    }))
  const note =
    'server.rssPerClient of sse in steady is not compared: memory per client is meaningful from 5,000 clients on'

  test('is compared from 5,000 clients on', () => {
    const { findings, notes } = compareResults(withMemory(5_000, 9_000), withMemory(5_000, 18_000))
    assert.equal(finding(findings, 'server.rssPerClient').verdict, 'regressed')
    assert.deepEqual(notes, [])
  })

  for (const [before, after] of [
    [4_999, 4_999],
    [5_000, 4_999],
    [4_999, 5_000],
  ] as const)
    test(`of ${before} and ${after} clients is not compared, and a sentence says so`, () => {
      const { findings, notes } = compareResults(withMemory(before, 9_000), withMemory(after, 18_000))
      assert.ok(!findings.some(({ metric }) => metric === 'server.rssPerClient'))
      assert.ok(notes.includes(note))
    })

  test('that is off is not spoken of twice', () => {
    const options = { levels: { 'server.rssPerClient': 'off' } } as const
    const { notes } = compareResults(withMemory(100, 9_000), withMemory(100, 9_000), options)
    assert.deepEqual(notes, ['not compared, as they are off: server.rssPerClient'])
  })
})
