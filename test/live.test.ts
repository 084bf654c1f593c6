import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type Attempt,
  failuresNeeded,
  judge,
  mostAttempts,
  noiseBetween,
  noisyShare,
  readCpuTicks,
} from './live.ts'

const held: Attempt = { failure: null, noise: 0.9 }
const quietFailure: Attempt = { failure: new Error('off'), noise: noisyShare }
const noisyFailure: Attempt = { failure: new Error('off'), noise: 2 * noisyShare }

for (const [what, attempts, verdict] of [
  ['one attempt that holds, however noisy', [held], 'passed'],
  ['an attempt that holds after others failed', [quietFailure, quietFailure, held], 'passed'],
  ['two quiet failures', [quietFailure, quietFailure], 'again'],
  ['three quiet failures', [quietFailure, quietFailure, quietFailure], 'failed'],
  [
    'three quiet failures among noisy ones',
    [quietFailure, noisyFailure, quietFailure, quietFailure],
    'failed',
  ],
  ['noisy failures only', Array.from({ length: mostAttempts }, () => noisyFailure), 'skipped'],
  [
    'too few quiet failures after the last attempt',
    [
      ...Array.from({ length: mostAttempts - failuresNeeded + 1 }, () => noisyFailure),
      quietFailure,
      quietFailure,
    ],
    'skipped',
  ],
] as const) {
  test(`${what}: ${verdict}`, () => assert.equal(judge(attempts), verdict))
}

test('noise is the share of all cores that others took', () => {
  const [before, after] = [
    { machine: 1_000, own: 300 },
    { machine: 1_300, own: 500 },
  ]
  // 300 ticks were used, 200 of them by this process: 1 s of 2 cores x 5 s.
  assert.equal(noiseBetween(before, after, 5, 2), 0.1)
  assert.equal(noiseBetween(before, { machine: 1_150, own: 500 }, 5, 2), 0)
})

test('the ticks of the machine hold those of this process', () => {
  const [before, usedBefore] = [readCpuTicks(), process.cpuUsage()]
  const usedMs = (): number => {
    const { user, system } = process.cpuUsage(usedBefore)
    return (user + system) / 1_000
  }
  while (usedMs() < 300);
  const after = readCpuTicks()
  const own = after.own - before.own
  assert.ok(own >= 28, `${own} ticks of 10 ms for 300 ms of CPU time`)
  assert.ok(after.machine - before.machine >= own - 2)
})
