import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { effectOf } from '../../statistics/effect-size.ts'
import {
  differences,
  hodgesLehmann,
  hodgesLehmannInterval,
  ratios,
  type Scale,
} from '../../statistics/hodges-lehmann.ts'
import { mannWhitney } from '../../statistics/mann-whitney.ts'
import { drawing, noises, sampleOf } from '../compare/random-samples.ts'

const term = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46]
const early = [1.15, 0.88, 0.9, 0.74, 1.21]
const near = (actual: number | undefined, expected: number): void =>
  assert.ok(actual !== undefined && Math.abs(actual - expected) < 1e-9, `${actual} is not ${expected}`)

test('the shift of the permeability data of Hollander and Wolfe is -0.305, between -0.76 and 0.15', () => {
  near(hodgesLehmann(term, early, differences), -0.305)
  const interval = hodgesLehmannInterval(term, early, 0.95, differences)
  near(interval?.low, -0.76)
  near(interval?.high, 0.15)
})

test('three runs a side are too few for an interval at 95 %, four are enough', () => {
  assert.equal(hodgesLehmannInterval([1, 2, 3], [7, 8, 9], 0.95, differences), null)
  assert.deepEqual(hodgesLehmannInterval([1, 2, 3, 4], [7, 8, 9, 10], 0.95, differences), { low: 3, high: 9 })
  assert.equal(hodgesLehmannInterval([1], [2], 0.95, differences), null)
})

describe('properties', () => {
  // Fractions without ties.
  const sample = fc.uniqueArray(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 4, maxLength: 8 })

  test('swapping the samples turns the shift and its interval round', () => {
    fc.assert(
      fc.property(sample, sample, (base, head) => {
        near(hodgesLehmann(base, head, differences), -hodgesLehmann(head, base, differences))
        const [one, other] = [
          hodgesLehmannInterval(base, head, 0.95, differences),
          hodgesLehmannInterval(head, base, 0.95, differences),
        ]
        near(one?.low, -(other?.high ?? Number.NaN))
        near(one?.high, -(other?.low ?? Number.NaN))
      }),
      { seed: 1, numRuns: 100 },
    )
  })

  const scales: readonly (readonly [name: string, scale: Scale, none: number])[] = [
    ['difference', differences, 0],
    ['ratio', ratios, 1],
  ]
  for (const [name, scale, none] of scales)
    test(`without ties the interval of a ${name} leaves out no change exactly where the test rejects`, () => {
      fc.assert(
        fc.property(sample, sample, fc.integer({ min: 0, max: 2_000_000 }), (base, head, shift) => {
          const shifted = head.map(value => value + shift + 0.5)
          const interval = hodgesLehmannInterval(base, shifted, 0.95, scale)
          const p = mannWhitney(base, shifted)?.twoSided ?? 1
          assert.equal(interval !== null && (interval.low > none || interval.high < none), p <= 0.05)
        }),
        { seed: 2, numRuns: 300 },
      )
    })
})

test('the ratio is that of the logarithms', () => {
  const logarithms = (values: readonly number[]): number[] => values.map(Math.log)
  near(
    Math.log(hodgesLehmann(term, early, ratios)),
    hodgesLehmann(logarithms(term), logarithms(early), differences),
  )
})

describe('values that have no logarithm', () => {
  const never = Number.POSITIVE_INFINITY
  const [some, none, gone] = [
    [1, 2, 3, 4],
    [0, 0, 0, 0],
    [never, never, never, never],
  ]
  for (const [name, base, head, value] of [
    ['from 0 to 0 nothing changes', none, none, 1],
    ['from never to never nothing changes', gone, gone, 1],
    ['from 0 to more is infinite', none, some, never],
    ['from a time to never is infinite', some, gone, never],
    ['from never to a time is a ratio of 0', gone, some, 0],
    ['from more to 0 is a ratio of 0', some, none, 0],
  ] as const)
    test(name, () => {
      assert.deepEqual(effectOf('ratio', base, head, 0.95), { value, interval: { low: value, high: value } })
    })

  test('a few runs that never came leave the estimate finite, and the interval open to one side', () => {
    const { value, interval } = effectOf('ratio', some, [2, 4, 6, never], 0.95)
    assert.ok(value && Number.isFinite(value) && value > 1)
    assert.equal(interval?.high, never)
  })

  test('where half of the ratios are 0 and half infinite there is none', () => {
    assert.deepEqual(effectOf('ratio', [0, never], [1, 1], 0.95), { value: null, interval: null })
  })
})

describe('coverage of the 95 % interval', () => {
  const spreads = { normal: 0.05, 'log-normal': 0.3, bimodal: 0.15 }
  for (const kind of ['ratio', 'difference'] as const)
    for (const [name, noise] of Object.entries(noises))
      for (const runs of [4, 5, 10])
        test(`the ${kind} of ${runs} ${name} runs a side is covered 19 times in 20`, () => {
          const random = drawing('coverage', kind, name, runs)
          const spread = spreads[name as keyof typeof spreads]
          const [pairs, none] = [1_000, kind === 'ratio' ? 1 : 0]
          let covered = 0
          for (let pair = 0; pair < pairs; pair++) {
            const { interval } = effectOf(
              kind,
              sampleOf(noise, random, spread, runs),
              sampleOf(noise, random, spread, runs),
              0.95,
            )
            if (interval && interval.low <= none && none <= interval.high) covered++
          }
          // Three standard errors of 95 % in 1,000 pairs are 2.1 %.
          assert.ok(covered / pairs >= 0.929, `${covered} of ${pairs}`)
        })
})
