import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { exponential, randomFor, repetitionSeed } from '../../model/random.ts'
import { correlationOf, exponentialCdf, ksCritical, ksDistance, uniformCdf } from '../statistics/samples.ts'

const draws = (random: () => number, count: number): number[] => Array.from({ length: count }, random)

test('one seed and label always give the same numbers, however much another label has drawn', () => {
  fc.assert(
    fc.property(fc.integer(), fc.string(), fc.nat(50), (seed, label, others) => {
      const plain = draws(randomFor(seed, label, 1), 20)
      const [mine, other] = [randomFor(seed, label, 1), randomFor(seed, label, 2)]
      const interleaved = draws(() => {
        draws(other, others)
        return mine()
      }, 20)
      assert.deepEqual(interleaved, plain)
    }),
    { seed: 1, numRuns: 100 },
  )
})

test('every number lies in [0, 1)', () => {
  for (let seed = 0; seed < 50; seed++) {
    for (const value of draws(randomFor(seed, 'range'), 2_000)) assert.ok(value >= 0 && value < 1, `${value}`)
  }
})

for (const seed of [0, 1, 2 ** 31, -7]) {
  test(`the numbers of one label are uniform (seed ${seed})`, () => {
    const samples = draws(randomFor(seed, 'uniform'), 10_000)
    assert.ok(ksDistance(samples, uniformCdf) < ksCritical(samples.length))
  })

  test(`the first numbers of neighbouring labels are uniform, as phases of a fleet must be (seed ${seed})`, () => {
    const samples = Array.from({ length: 5_000 }, (_, client) => randomFor(seed, 'client', client)())
    assert.ok(ksDistance(samples, uniformCdf) < ksCritical(samples.length))
    assert.ok(Math.abs(correlationOf(samples.slice(1), samples.slice(0, -1))) < 4 / Math.sqrt(5_000))
  })
}

test('neighbouring labels and neighbouring seeds are uncorrelated', () => {
  const count = 5_000
  const base = draws(randomFor(1, 'client', 1), count)
  for (const other of [
    randomFor(1, 'client', 2),
    randomFor(2, 'client', 1),
    randomFor(1, 'schedule', 1),
    randomFor(1, 'client', 11),
  ]) {
    assert.ok(Math.abs(correlationOf(base, draws(other, count))) < 4 / Math.sqrt(count))
  }
})

for (const mean of [0.5, 1_000, 500_000]) {
  test(`exponential numbers of mean ${mean} have their distribution and are finite`, () => {
    const random = randomFor(3, 'exponential', mean)
    const samples = draws(() => exponential(random, mean), 10_000)
    assert.ok(ksDistance(samples, exponentialCdf(mean)) < ksCritical(samples.length))
    assert.ok(samples.every(value => Number.isFinite(value) && value >= 0))
  })
}

test('an exponential number is finite at both ends of the uniform one', () => {
  assert.ok(exponential(() => 0, 5) === 0)
  assert.ok(Number.isFinite(exponential(() => 1 - 2 ** -53, 5)))
})

test('series of neighbouring seeds share no repetition, and one run with a recorded seed is that run', () => {
  const seeds = Array.from({ length: 100 }, (_, index) => index + 1)
  const all = seeds.flatMap(seed => seeds.slice(0, 30).map(run => repetitionSeed(seed, run)))
  assert.equal(new Set(all).size, all.length)
  for (const seed of all) {
    assert.ok(Number.isSafeInteger(seed) && seed >= 0)
    assert.equal(repetitionSeed(seed, 1), seed)
  }
})
