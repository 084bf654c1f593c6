import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { criticalU, mannWhitney, runsToReach, smallestP } from '../../statistics/mann-whitney.ts'

const near = (actual: number | undefined, expected: number, relative = 1e-12): void =>
  assert.ok(
    actual !== undefined && Math.abs(actual - expected) <= relative * expected,
    `${actual} is not ${expected}`,
  )

describe('published and computed reference values', () => {
  test("SciPy's documented example: males and females at the onset of diabetes", () => {
    const result = mannWhitney([19, 22, 16, 29, 24], [20, 11, 17, 12])
    assert.equal(result?.u, 17)
    assert.equal(result.exact, true)
    near(result.twoSided, 0.1111111111111111)
    near(result.less, 0.9682539682539683)
    near(result.greater, 0.05555555555555555)
  })

  test("R's documented example of wilcox.test: permeability of the human chorioamnion", () => {
    const result = mannWhitney(
      [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46],
      [1.15, 0.88, 0.9, 0.74, 1.21],
    )
    assert.equal(result?.u, 35)
    near(result.greater, 0.1272061272061272)
    near(result.twoSided, 0.2544122544122544)
  })

  test("R's documented example with ties and a normal approximation: ozone in May and August", () => {
    const may = [
      41, 36, 12, 18, 28, 23, 19, 8, 7, 16, 11, 14, 18, 14, 34, 6, 30, 11, 1, 11, 4, 32, 23, 45, 115, 37,
    ]
    const august = [
      39, 9, 16, 78, 35, 66, 122, 89, 110, 44, 28, 65, 22, 59, 23, 31, 44, 21, 9, 45, 168, 73, 76, 118, 84,
      85,
    ]
    const result = mannWhitney(may, august)
    assert.equal(result?.u, 127.5)
    assert.equal(result.exact, false)
    near(result.twoSided, 0.0001208, 0.0005)
  })

  test('a tiny sample against a large one is counted, and the smallest p is what the test gives at every size', () => {
    const low = (count: number): number[] => Array.from({ length: count }, (_, index) => index)
    const high = (count: number): number[] => low(count).map(value => value + 1_000)
    near(mannWhitney(low(49), high(2))?.twoSided, 2 / ((51 * 50) / 2))
    near(mannWhitney(low(3), high(97))?.twoSided, 2 / ((100 * 99 * 98) / 6))
    assert.equal(mannWhitney([...low(49), 5], [5, 6])?.exact, true)
    for (const [first, second] of [
      [48, 2],
      [49, 2],
      [5, 495],
      [6, 60],
      [25, 25],
      [26, 26],
      [200, 9],
    ] as const)
      near(mannWhitney(low(first), high(second))?.twoSided, smallestP(first, second), 1e-9)
  })

  // scipy.stats.mannwhitneyu with PermutationMethod over all allocations, SciPy 1.17.
  const tied = [
    {
      first: [1, 2, 2, 3, 4],
      second: [2, 3, 5, 5, 6],
      u: 4.5,
      less: 0.05555555555555555,
      greater: 0.9682539682539683,
    },
    {
      first: [1, 1, 1, 2],
      second: [1, 2, 2, 2, 3],
      u: 4,
      less: 0.1349206349206349,
      greater: 0.9920634920634921,
    },
    {
      first: [0, 0, 0, 0, 1],
      second: [0, 0, 1, 1, 3],
      u: 7,
      less: 0.20238095238095238,
      greater: 0.9761904761904762,
    },
    { first: [5, 5, 5], second: [5, 5, 5], u: 4.5, less: 1, greater: 1 },
  ]
  for (const { first, second, u, less, greater } of tied) {
    test(`exact with ties, as SciPy permutes them: ${first.join()} and ${second.join()}`, () => {
      const result = mannWhitney(first, second)
      assert.equal(result?.u, u)
      near(result.less, less)
      near(result.greater, greater)
      near(result.twoSided, Math.min(1, 2 * less))
    })
  }

  test('large samples with ties, as SciPy approximates them', () => {
    const first = [
      10.0, 10.3, 9.7, 9.1, 9.5, 9.0, 10.1, 11.3, 9.5, 9.4, 10.5, 10.4, 10.1, 9.1, 10.0, 10.7, 8.7, 9.5, 8.1,
      8.7, 8.2, 9.8, 8.7, 10.3, 10.2, 9.8, 7.5, 9.5, 10.0, 10.1,
    ]
    const second = [
      9.1, 10.1, 9.6, 9.8, 11.7, 9.8, 10.6, 11.5, 10.0, 10.5, 10.7, 10.7, 9.4, 10.7, 12.0, 9.1, 11.5, 10.7,
      10.0, 12.6, 11.4, 9.4, 10.7, 11.2, 10.4, 11.3, 10.5, 11.3, 12.0, 9.9, 10.8, 10.1, 10.7, 9.4, 10.0,
    ]
    const result = mannWhitney(first, second)
    assert.equal(result?.u, 236.5)
    near(result.twoSided, 0.00014661369747307973, 1e-10)
    near(result.less, 7.330684873653986e-5, 1e-10)
    near(result.greater, 0.9999304939074547)
  })

  // Critical values of U at 5 %, two-sided (Siegel, Nonparametric Statistics, table K).
  const critical = [
    [3, 3, -1],
    [4, 4, 0],
    [5, 5, 2],
    [5, 8, 6],
    [6, 6, 5],
    [8, 8, 13],
    [9, 12, 26],
    [10, 10, 23],
    [15, 15, 64],
    [20, 20, 127],
  ] as const
  for (const [first, second, expected] of critical) {
    test(`the critical value of U for ${first} and ${second} is ${expected}`, () => {
      assert.equal(criticalU(first, second, 0.025), expected)
      assert.equal(criticalU(second, first, 0.025), expected)
    })
  }
})

test('where exact and approximation meet, critical values go on without a step', () => {
  const [exact, approximate] = [criticalU(25, 25, 0.025), criticalU(25, 26, 0.025)]
  assert.ok(approximate > exact && approximate - exact < 12, `${exact}, then ${approximate}`)
})

describe('the floor', () => {
  for (const [runs, floor] of [
    [1, 1],
    [2, 2 / 6],
    [3, 0.1],
    [4, 2 / 70],
    [5, 2 / 252],
    [10, 2 / 184_756],
  ] as const) {
    test(`${runs} a side give no p below ${floor.toPrecision(2)}`, () => {
      near(smallestP(runs, runs), floor)
      const apart = mannWhitney(
        Array.from({ length: runs }, (_, index) => index),
        Array.from({ length: runs }, (_, index) => 100 + index),
      )
      near(apart?.twoSided, floor)
    })
  }

  test('it says how many runs reach a level', () => {
    assert.equal(runsToReach(0.05), 4)
    assert.equal(runsToReach(0.01), 5)
    assert.equal(runsToReach(0.05 / 135), 8)
  })
})

test('an empty sample has no test', () => {
  assert.equal(mannWhitney([], [1]), null)
  assert.equal(mannWhitney([1], []), null)
})

/** The tails by trying every way of choosing the first sample. */
function enumerated(first: readonly number[], second: readonly number[]): [less: number, greater: number] {
  const all = [...first, ...second]
  const uOf = (chosen: readonly number[], others: readonly number[]): number =>
    chosen.reduce((sum, a) => sum + others.reduce((part, b) => part + (a > b ? 1 : a === b ? 0.5 : 0), 0), 0)
  const seen = uOf(first, second)
  let [total, less, greater] = [0, 0, 0]
  for (let mask = 0; mask < 1 << all.length; mask++) {
    const chosen = all.filter((_, index) => mask & (1 << index))
    if (chosen.length !== first.length) continue
    const u = uOf(
      chosen,
      all.filter((_, index) => !(mask & (1 << index))),
    )
    total++
    if (u <= seen) less++
    if (u >= seen) greater++
  }
  return [less / total, greater / total]
}

describe('properties', () => {
  const sample = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 5 })

  test('it is the distribution over all allocations, ties included', () => {
    fc.assert(
      fc.property(sample, sample, (first, second) => {
        const result = mannWhitney(first, second)
        const [less, greater] = enumerated(first, second)
        near(result?.less, less)
        near(result?.greater, greater)
      }),
      { seed: 1, numRuns: 150 },
    )
  })

  test('swapping the samples swaps the tails', () => {
    fc.assert(
      fc.property(sample, sample, (first, second) => {
        const [one, other] = [mannWhitney(first, second), mannWhitney(second, first)]
        near(one?.less, other?.greater ?? -1)
        near(one?.twoSided, other?.twoSided ?? -1)
        assert.equal((one?.u ?? 0) + (other?.u ?? 0), first.length * second.length)
      }),
      { seed: 2, numRuns: 200 },
    )
  })

  test('only the order of the values counts', () => {
    fc.assert(
      fc.property(sample, sample, (first, second) => {
        const stretch = (values: readonly number[]): number[] => values.map(value => Math.exp(value) - 3)
        assert.deepEqual(mannWhitney(stretch(first), stretch(second)), mannWhitney(first, second))
      }),
      { seed: 3, numRuns: 100 },
    )
  })
})
