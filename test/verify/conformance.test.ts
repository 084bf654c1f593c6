/** Every technique of the registry against the conformance suite. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { cases, verifyCase } from '../../verify/suite.ts'
import { deadlineOf, pairs } from './pairs.ts'

for (const pair of pairs) {
  describe(`${pair.technique} conforms`, () => {
    for (const each of cases) {
      test(each.name, async t => {
        const { state, detail } = await verifyCase(pair, each, deadlineOf(pair))
        if (state === 'deviates' || state === 'exempt') t.diagnostic(`${state}: ${detail}`)
        assert.notEqual(state, 'failed', detail)
      })
    }
  })
}
