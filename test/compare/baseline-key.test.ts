import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { baselineKey } from '../../compare/baseline-key.ts'
import type { Result } from '../../results/result.ts'
import { runs, ten, withBytes } from './results.ts'

const steady = withBytes(ten(200, 0.1))
const key = baselineKey(steady)

describe('the key of a baseline', () => {
  test('is short, and can stand in the key of a cache', () => assert.match(key, /^[0-9a-f]{16}$/))

  const alike: readonly (readonly [string, Result])[] = [
    ['other numbers, at another time', { ...withBytes(ten(300, 5)), startedAt: '2026-03-01T00:00:00.000Z' }],
    ['other seeds', runs(10, (run, index) => ({ workload: { ...run.workload, seed: 1_000 + index } }))],
    ['another number of runs', withBytes(ten(200, 0.1).slice(0, 5))],
    [
      'a first run that ended early',
      runs(10, (run, index) =>
        index > 0 ? {} : { passed: false, workload: { ...run.workload, durationMicros: 1 } },
      ),
    ],
  ]
  for (const [what, result] of alike) test(`${what}: the same`, () => assert.equal(baselineKey(result), key))

  const { environment } = steady
  const different: readonly (readonly [string, Result])[] = [
    ['another processor', { ...steady, environment: { ...environment, cpu: 'another' } }],
    ['another Node.js', { ...steady, environment: { ...environment, node: 'v99.0.0' } }],
    ['more clients', runs(10, run => ({ workload: { ...run.workload, clients: 7 } }))],
    ['a longer window', runs(10, run => ({ workload: { ...run.workload, durationMicros: 99_000_000 } }))],
    ['another setting', runs(10, () => ({ settings: { heartbeat: 1 } }))],
    ['another technique', runs(10, () => ({ technique: 'polling' }))],
  ]
  for (const [what, result] of different)
    test(`${what}: another`, () => assert.notEqual(baselineKey(result), key))
})
