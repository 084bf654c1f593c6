import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Attempt, failuresNeeded, judge, mostAttempts, noisyShare } from './live.ts'

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
