import assert from 'node:assert/strict'
import { test } from 'node:test'
import { firstHold } from '../../../clients/http/poll-chain.ts'
import { seconds } from '../../../model/units.ts'

test('the first hold is a random part of the whole one where a run wants it, and whole elsewhere', () => {
  const random = (): number => 0.25
  assert.equal(firstHold({ random, beginsAnywhere: true }, seconds(4)), seconds(3))
  assert.equal(firstHold({ random }, seconds(4)), undefined)
})
