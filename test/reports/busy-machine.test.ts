/** A machine that was busy with other work: the answer says so before it compares, and the environment has the share. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formats } from '../../reports/index.ts'
import type { Measurement } from '../../results/result.ts'
import { measurementOf, resultOf, warningOf } from './fixture.ts'

const busyRun = (technique: Measurement['technique'], otherCpuShare: number): Measurement => ({
  ...measurementOf({ technique }),
  otherCpuShare,
  warnings: [warningOf('busy-machine', 'other processes took much')],
})
const textOf = (name: 'terminal' | 'markdown' | 'html', runs: readonly Measurement[]): string =>
  formats[name].render(resultOf(runs)).replace(/\s+/g, ' ')

for (const format of ['terminal', 'markdown', 'html'] as const) {
  test(`the answer of ${format} says what other processes took, before it compares costs`, () => {
    const text = textOf(format, [busyRun('sse', 0.31), busyRun('websocket', 0.42)])
    assert.match(
      text,
      /Other processes took 31\.0–42\.0 % of the machine.{1,5}s CPU time: these times may be/,
    )
  })

  test(`${format} says nothing of it where no run was warned`, () => {
    const quiet = [{ ...measurementOf({ technique: 'sse' }), otherCpuShare: 0.02 }]
    assert.doesNotMatch(textOf(format, quiet), /Other processes took/)
  })
}

test('the environment of a report has the share, and says where it is unknown', () => {
  const shown = (runs: readonly Measurement[]) =>
    /CPU time of other processes<\/\w+>\s*<\w+[^>]*>([^<]*)</.exec(textOf('html', runs))?.[1]
  assert.equal(
    shown([{ ...measurementOf({ technique: 'sse' }), otherCpuShare: 0.02 }]),
    '2.00 % of the machine',
  )
  assert.equal(shown([measurementOf({ technique: 'sse' })]), 'unknown')
})
