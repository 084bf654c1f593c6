import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { bootstrapInterval } from '../../compare/bootstrap.ts'
import { effectOf } from '../../compare/effect-size.ts'
import { medianOfSorted, type Sorted } from '../../compare/order-statistics.ts'
import { drawing, noises, sampleOf } from './random-samples.ts'

const ratio = (base: Sorted, head: Sorted): number => medianOfSorted(head) / medianOfSorted(base)
const how = (label: string | number) => ({
  random: drawing(label),
  resamples: 400,
  confidence: 0.95,
  paired: false,
})

test('the same seed draws the same interval', () => {
  const [base, head] = [
    [1, 2, 3, 4, 5],
    [2, 3, 4, 5, 9],
  ]
  const [one, other] = [1, 1].map(label => bootstrapInterval(base, head, ratio, how(label)))
  assert.deepEqual(one, other)
  assert.ok(one && one.low < one.high)
})

test('there is no interval of one, two or three runs', () => {
  for (const runs of [1, 2, 3]) {
    const few = Array.from({ length: runs }, (_, index) => index + 1)
    assert.equal(bootstrapInterval(few, [1, 2, 3, 4, 5], ratio, how('few')), null)
    assert.equal(bootstrapInterval([1, 2, 3, 4, 5], few, ratio, how('few')), null)
  }
})

test('equal runs give an interval without width', () => {
  const same = [7, 7, 7, 7]
  assert.deepEqual(bootstrapInterval(same, same, ratio, how('same')), { low: 1, high: 1 })
})

test('a ratio to zero has neither value nor interval', () => {
  assert.deepEqual(effectOf('ratio', [0, 0, 0, 0], [1, 1, 1, 1], how('zero')), {
    value: null,
    interval: null,
  })
  assert.deepEqual(effectOf('ratio', [1, 1, 1, 1], [0, 0, 0, 0], how('zero')), {
    value: null,
    interval: null,
  })
})

test('of nothing to nothing the ratio is 1', () => {
  const none = [0, 0, 0, 0]
  assert.deepEqual(effectOf('ratio', none, none, how('none')), { value: 1, interval: { low: 1, high: 1 } })
})

describe('coverage of the 95 % interval', () => {
  const cv = { normal: 0.05, 'log-normal': 0.3, bimodal: 0.15 }
  for (const kind of ['ratio', 'shift'] as const) {
    for (const [name, noise] of Object.entries(noises)) {
      for (const runs of [5, 10]) {
        test(`the ${kind} of ${runs} ${name} runs a side is covered 19 times in 20`, () => {
          const random = drawing('coverage', kind, name, runs)
          const spread = cv[name as keyof typeof cv]
          const pairs = 400
          let covered = 0
          for (let pair = 0; pair < pairs; pair++) {
            const [base, head] = [
              sampleOf(noise, random, spread, runs),
              sampleOf(noise, random, spread, runs),
            ]
            const { interval } = effectOf(kind, base, head, {
              random,
              resamples: 300,
              confidence: 0.95,
              paired: false,
            })
            const truth = kind === 'ratio' ? 1 : 0
            if (interval && interval.low <= truth && truth <= interval.high) covered++
          }
          // Three standard errors of 95 % in 400 pairs are 3.3 %.
          assert.ok(covered / pairs >= 0.917, `${covered} of ${pairs}`)
        })
      }
    }
  }
})

test('what pairs have in common does not widen their interval, and it still covers 19 times in 20', () => {
  const random = drawing('pairs')
  const pairs = 400
  let [covered, narrower] = [0, 0]
  for (let pair = 0; pair < pairs; pair++) {
    const common = sampleOf(noises['log-normal'], random, 0.3, 10)
    const noisy = (): number[] => common.map(each => each * noises.normal(random, 0.03))
    const [base, head] = [noisy(), noisy()]
    const draw = (paired: boolean) =>
      bootstrapInterval(base, head, ratio, { random, resamples: 300, confidence: 0.95, paired })
    const [together, apart] = [draw(true), draw(false)]
    if (together === null || apart === null) continue
    if (together.low <= 1 && together.high >= 1) covered++
    if (together.high - together.low < (apart.high - apart.low) / 2) narrower++
  }
  assert.ok(covered / pairs >= 0.917, `covered ${covered} of ${pairs}`)
  assert.ok(narrower / pairs > 0.95, `narrower ${narrower} of ${pairs}`)
})
