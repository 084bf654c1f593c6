import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nearestName, UsageError } from '../../model/usage-error.ts'

const flags = ['technique', 'set', 'scenario', 'strict', 'idle-cut', 'rtt', 'clients', 'run', 'sse']

test('a name is near when little was mistyped for its length, or its letters are in another order', () => {
  const near = [
    ['tecnique', 'technique'],
    ['idlecut', 'idle-cut'],
    ['Clients', 'clients'],
    ['rnu', 'run'],
    ['ssee', 'sse'],
  ] as const
  for (const [typed, meant] of near) assert.equal(nearestName(typed, flags), meant)
})

test('another word of the same length is not near', () => {
  for (const typed of ['metric', 'foo', 'x', 'buffer', 'list', 'target']) {
    assert.equal(nearestName(typed, flags), undefined, typed)
  }
})

test('a wrong option says what it is, also where it is printed whole', () => {
  const error = new UsageError('--clients: "0" is not a number of clients')
  assert.equal(error.name, 'UsageError')
  assert.match(String(error), /^UsageError: --clients/)
})
