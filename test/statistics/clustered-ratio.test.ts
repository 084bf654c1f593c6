import assert from 'node:assert/strict'
import { test } from 'node:test'
import { randomFor } from '../../model/random.ts'
import { dueTimes } from '../../model/schedule.ts'
import { type Cluster, clusteredRatioError, fewestClusters } from '../../statistics/clustered-ratio.ts'

const random = randomFor(7, 'clusters')
const drawn = (share: number): number => Number(random() < share)
const alone: readonly Cluster[] = Array.from({ length: 400 }, () => ({ whole: 1, part: drawn(0.3) }))

const error = (clusters: readonly Cluster[]): number => {
  const found = clusteredRatioError(clusters)
  assert.ok(found !== null)
  return found
}

const near = (seen: number, wanted: number, tolerance = 1e-12): void =>
  assert.ok(Math.abs(seen - wanted) <= tolerance, `${seen} is not ${wanted}`)

test('clusters of one are independent draws, whose error is binomial', () => {
  const share = alone.reduce((sum, { part }) => sum + part, 0) / alone.length
  near(error(alone), Math.sqrt((share * (1 - share)) / (alone.length - 1)))
})

test('copies of a draw within its cluster make nothing surer', () => {
  near(error(alone.map(({ whole, part }) => ({ whole: 20 * whole, part: 20 * part }))), error(alone))
})

test('a handful of clusters, or of clusters that counted anything, has no error to be sure of', () => {
  const few = alone.slice(0, fewestClusters - 1)
  assert.equal(clusteredRatioError(few), null)
  assert.equal(clusteredRatioError([...few, { whole: 0, part: 0 }]), null)
  assert.notEqual(clusteredRatioError(alone.slice(0, fewestClusters)), null)
  assert.equal(clusteredRatioError([]), null)
})

/**
 * One run of polls every second over 6 s: 100 rooms of 10 clients, each at a random phase, 2 events a second in each
 * room. A poll is empty when no event fell due in the second before it.
 */
function polled(seed: number): readonly Cluster[] {
  const phases = randomFor(seed, 'phases')
  return Array.from({ length: 100 }, (_, room) => {
    const due: number[] = []
    for (const at of dueTimes({ seed, arrivals: 'poisson', ratePerSecond: 2 }, room)) {
      if (at >= 8_000_000) break
      due.push(at)
    }
    const polls = Array.from({ length: 10 }, () => (1 + phases()) * 1_000_000).flatMap(first =>
      Array.from({ length: 6 }, (_, cycle) => first + cycle * 1_000_000),
    )
    const empty = polls.filter(at => !due.some(each => each >= at - 1_000_000 && each < at))
    return { whole: polls.length, part: empty.length }
  })
}

test('polls of rooms miss theory by one error as often as chance says, and by far more as if they were independent', () => {
  const theory = Math.exp(-2)
  const runs = Array.from({ length: 200 }, (_, seed) => {
    const rooms = polled(seed + 1)
    const whole = rooms.reduce((sum, each) => sum + each.whole, 0)
    const share = rooms.reduce((sum, each) => sum + each.part, 0) / whole
    const binomial = Math.sqrt((theory * (1 - theory)) / whole)
    return { clustered: (share - theory) / error(rooms), naive: (share - theory) / binomial }
  })
  const spread = (pick: (run: (typeof runs)[number]) => number): number =>
    Math.sqrt(runs.reduce((sum, run) => sum + pick(run) ** 2, 0) / runs.length)
  // The spread of 200 standard normal values is 1 with a standard error of 0.05.
  near(
    spread(run => run.clustered),
    1,
    0.2,
  )
  assert.ok(spread(run => run.naive) > 1.8, `${spread(run => run.naive)}`)
})

test('a share of none or of all has no error: clusters that do not differ show none', () => {
  const alike = (part: number): Cluster[] => Array.from({ length: 20 }, () => ({ whole: 10, part }))
  assert.equal(clusteredRatioError(alike(0)), null)
  assert.equal(clusteredRatioError(alike(10)), null)
  assert.equal(clusteredRatioError(alike(5)), 0, 'half of each cluster is half without doubt')
})
