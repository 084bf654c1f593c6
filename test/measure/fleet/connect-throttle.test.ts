import assert from 'node:assert/strict'
import { test } from 'node:test'
import { throttled } from '../../../measure/fleet/connect-throttle.ts'

test('all act, in the order of the calls, and timers fire in between', async () => {
  const acted: string[] = []
  const { promise, resolve } = Promise.withResolvers<void>()
  for (let turn = 1; turn <= 100; turn++) {
    throttled(() => {
      acted.push(`turn ${turn}`)
      if (turn === 100) resolve()
    })
  }
  assert.equal(acted.length, 0, 'nobody acts at once')
  setImmediate(() => acted.push('another'))
  await promise
  assert.deepEqual(
    acted.filter(each => each !== 'another'),
    Array.from({ length: 100 }, (_, at) => `turn ${at + 1}`),
  )
  const at = acted.indexOf('another')
  assert.ok(at > 0 && at < acted.length - 1, `the other was heard after ${at} of 100`)
})

test('a call made while others act gets its turn as well', async () => {
  const acted: number[] = []
  await new Promise<void>(resolve => {
    throttled(() => {
      acted.push(1)
      throttled(() => {
        acted.push(2)
        resolve()
      })
    })
  })
  await new Promise<void>(resolve => throttled(resolve))
  assert.deepEqual(acted, [1, 2])
})
