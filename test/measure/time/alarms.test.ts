import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Alarms } from '../../../measure/time/alarms.ts'
import { instant, milliseconds } from '../../../model/units.ts'

const at = (ms: number) => instant(milliseconds(ms))

test('alarms act in the order of their instants, however late the process comes to them', () => {
  let now = at(0)
  const alarms = new Alarms(() => now)
  const acted: [string, number][] = []
  const set = (name: string, ms: number): void => alarms.at(at(ms), late => acted.push([name, late]))
  set('end of the window', 30)
  set('opening', 10)
  set('the next run', 40)
  now = at(20)
  set('end by a signal', 15)
  assert.deepEqual(acted, [
    ['opening', milliseconds(10)],
    ['end by a signal', milliseconds(5)],
  ])
  now = at(35)
  set('end of the drain', 35)
  assert.deepEqual(acted.slice(2), [
    ['end of the window', milliseconds(5)],
    ['end of the drain', 0],
  ])
  alarms.clear()
})

test('an alarm set by another whose time has come acts before later ones', () => {
  let now = at(0)
  const alarms = new Alarms(() => now)
  const acted: string[] = []
  alarms.at(at(10), () => {
    acted.push('first')
    alarms.at(at(12), () => acted.push('second'))
  })
  now = at(20)
  alarms.at(at(15), () => acted.push('third'))
  assert.deepEqual(acted, ['first', 'second', 'third'])
})

test('a cancelled alarm never acts', async () => {
  let now = at(0)
  const alarms = new Alarms(() => now)
  alarms.at(at(1), () => assert.fail('it was cancelled'))
  alarms.clear()
  now = at(5)
  await new Promise<void>(resolve => alarms.at(at(5), () => resolve()))
})
