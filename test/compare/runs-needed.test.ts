/** What becomes of comparisons that are made again with the number of runs that an inconclusive one asked for. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { drawing, noises, sampleOf } from './random-samples.ts'
import { compared, ten, withBytes } from './results.ts'

const metric = 'egress.perDelivery'

test('of runs without noise, the least that the test can use would decide', () => {
  for (const count of [2, 3]) {
    const side = (value: number) => withBytes(ten(value, 0).slice(0, count))
    assert.equal(compared(side(200), side(300), metric).runsNeeded, 4)
  }
})

test('redrawn with as many runs as were asked for, about 8 of 10 comparisons are decided', () => {
  const random = drawing('runs needed')
  let [asked, decided] = [0, 0]
  for (const [runs, effect, cv] of [
    [5, 1.15, 0.12],
    [10, 1.1, 0.12],
    [10, 1, 0.01],
  ] as const)
    for (let again = 0; again < 40; again++) {
      const draw = (count: number, factor: number) =>
        withBytes(
          sampleOf(noises['log-normal'], random, cv, count).map(value => Math.round(20_000 * factor * value)),
        )
      const first = compared(draw(runs, 1), draw(runs, effect), metric)
      if (first.runsNeeded === null) continue
      asked++
      const second = compared(draw(first.runsNeeded, 1), draw(first.runsNeeded, effect), metric)
      if (second.verdict !== 'inconclusive') decided++
    }
  assert.ok(asked > 40, `${asked} asked for more`)
  // 80 % of 40 and more, less three standard errors, for noise that is itself an estimate.
  assert.ok(decided / asked > 0.8 - 3 * Math.sqrt(0.16 / asked), `${decided} of ${asked}`)
})
