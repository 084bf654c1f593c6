/**
 * The rank-sum test of Wilcoxon (1945) and Mann and Whitney (1947): does one of two samples tend to be larger?
 *
 * Exact for small samples, and where one of them is small, with ties too: the null distribution is that of the sum of midranks over all ways
 * of choosing the first sample out of both, counted by dynamic programming, so that nothing is assumed of the
 * values but that under the null hypothesis any allocation of them to the two samples is as likely as another.
 * That holds for runs in randomised interleaved blocks even where the machine drifts. Runs of one block are
 * alike, so leaving the pairing unused makes the test conservative, never too eager. A test of pairs would have
 * the larger floor: 2^(1 - n), 0.002 for ten pairs, which a family of more than 25 metrics puts out of reach.
 */
import { upperQuantile, upperTail } from './normal.ts'

/** What the test says of two samples. */
export interface MannWhitney {
  /** Pairs in which the value of the first sample is the larger; a tie counts one half. */
  readonly u: number
  /** One-sided p: U at most as large as seen, evidence that the first sample is smaller. */
  readonly less: number
  /** One-sided p: U at least as large as seen, evidence that the first sample is larger. */
  readonly greater: number
  /** Two-sided p: twice the smaller tail, at most 1, as R and SciPy define it. */
  readonly twoSided: number
  /** False where the normal approximation stood in for the exact distribution. */
  readonly exact: boolean
}

/** Up to this many values in both samples together the distribution is exact; counting it takes milliseconds. */
const exactUpTo = 50
/**
 * So few values in the smaller sample, of so many in all, are counted exactly as well: the normal approximation is
 * worst there, and sums of few ranks are quickly counted.
 */
const [fewExact, manyExact] = [5, 500]

/** True where the distribution is counted rather than approximated. */
const isExact = (first: number, second: number): boolean =>
  first + second <= exactUpTo || (Math.min(first, second) <= fewExact && first + second <= manyExact)

/** @returns null when a sample is empty */
export function mannWhitney(first: readonly number[], second: readonly number[]): MannWhitney | null {
  if (first.length === 0 || second.length === 0) return null
  const ranks = doubledMidranks([...first, ...second])
  const rankSum = ranks.slice(0, first.length).reduce((sum, rank) => sum + rank, 0) / 2
  const u = rankSum - (first.length * (first.length + 1)) / 2
  const exact = isExact(first.length, second.length)
  const { less, greater } = exact
    ? exactTails(ranks, first.length)
    : normalTails(ranks, u, first.length, second.length)
  return { u, less, greater, twoSided: Math.min(1, 2 * Math.min(less, greater)), exact }
}

/** Ranks from 1, doubled so that the mean rank of a tie is a whole number. */
function doubledMidranks(values: readonly number[]): number[] {
  const order = values.map((_, index) => index).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0))
  const ranks = new Array<number>(values.length).fill(0)
  for (let start = 0; start < order.length; ) {
    let end = start + 1
    while (end < order.length && values[order[end] ?? 0] === values[order[start] ?? 0]) end++
    for (const index of order.slice(start, end)) ranks[index] = start + 1 + end
    start = end
  }
  return ranks
}

/** In how many ways `size` of the ranks have each sum. Counts are exact: they stay below 2^53. */
function sumCounts(ranks: readonly number[], size: number): Float64Array {
  const largest = ranks
    .toSorted((a, b) => b - a)
    .slice(0, size)
    .reduce((sum, rank) => sum + rank, 0)
  const ways = Array.from({ length: size + 1 }, () => new Float64Array(largest + 1))
  const none = ways[0]
  if (none !== undefined) none[0] = 1
  let reached = 0
  for (const [index, rank] of ranks.entries()) {
    reached = Math.min(largest, reached + rank)
    for (let chosen = Math.min(size, index + 1); chosen >= 1; chosen--) {
      const [fewer, these] = [ways[chosen - 1], ways[chosen]]
      if (fewer === undefined || these === undefined) continue
      for (let sum = reached; sum >= rank; sum--) these[sum] = (these[sum] ?? 0) + (fewer[sum - rank] ?? 0)
    }
  }
  return ways[size] ?? new Float64Array()
}

/** Tables for samples without ties by their sizes, on which alone they depend: most comparisons ask for the same one. */
const tables = new Map<string, Float64Array>()

/** In how many ways `size` of the ranks 1 to `total` have each sum. */
function sumCountsWithoutTies(total: number, size: number): Float64Array {
  const key = `${size} of ${total}`
  const known = tables.get(key)
  if (known !== undefined) return known
  const counts = sumCounts(
    Array.from({ length: total }, (_, index) => index + 1),
    size,
  )
  tables.set(key, counts)
  return counts
}

function exactTails(ranks: readonly number[], size: number): Pick<MannWhitney, 'less' | 'greater'> {
  // The smaller sample has the smaller table; its tails are those of the other the other way round.
  const mirrored = size > ranks.length / 2
  const chosen = mirrored ? ranks.slice(size) : ranks.slice(0, size)
  const doubled = chosen.reduce((sum, rank) => sum + rank, 0)
  const [counts, seen] =
    new Set(ranks).size < ranks.length
      ? [sumCounts(ranks, chosen.length), doubled]
      : [sumCountsWithoutTies(ranks.length, chosen.length), doubled / 2]
  let [total, below, above] = [0, 0, 0]
  for (const [sum, ways] of counts.entries()) {
    total += ways
    if (sum <= seen) below += ways
    if (sum >= seen) above += ways
  }
  return mirrored
    ? { less: above / total, greater: below / total }
    : { less: below / total, greater: above / total }
}

/** With the correction for continuity, and that of the variance for ties (Lehmann, Nonparametrics, 1975). */
function normalTails(
  ranks: readonly number[],
  u: number,
  first: number,
  second: number,
): Pick<MannWhitney, 'less' | 'greater'> {
  const total = first + second
  const ties = [...Map.groupBy(ranks, rank => rank).values()].reduce(
    (sum, { length }) => sum + length ** 3 - length,
    0,
  )
  const variance = ((first * second) / 12) * (total + 1 - ties / (total * (total - 1)))
  if (variance <= 0) return { less: 1, greater: 1 }
  const scale = Math.sqrt(variance)
  const mean = (first * second) / 2
  return { less: upperTail((mean - u - 0.5) / scale), greater: upperTail((u - mean - 0.5) / scale) }
}

/**
 * The smallest two-sided p that {@link mannWhitney} gives samples of these sizes, counted or approximated as it does:
 * all of one below all of the other.
 */
export function smallestP(first: number, second: number): number {
  if (!isExact(first, second)) {
    const scale = Math.sqrt((first * second * (first + second + 1)) / 12)
    return Math.min(1, 2 * upperTail(((first * second) / 2 - 0.5) / scale))
  }
  let ways = 1
  for (let index = 1; index <= first; index++) ways *= (second + index) / index
  return Math.min(1, 2 / ways)
}

/** The fewest runs a side at which a two-sided p of `level` or less is possible at all. */
export function runsToReach(level: number): number {
  let runs = 2
  while (smallestP(runs, runs) > level) runs++
  return runs
}

/**
 * The critical value of published tables: the largest U whose lower tail, without ties, is at most `tail`;
 * -1 where even U = 0 is likelier.
 */
export function criticalU(first: number, second: number, tail: number): number {
  if (!isExact(first, second)) {
    const scale = Math.sqrt((first * second * (first + second + 1)) / 12)
    return Math.max(-1, Math.floor((first * second) / 2 - 0.5 - upperQuantile(tail) * scale))
  }
  const size = Math.min(first, second)
  const counts = sumCountsWithoutTies(first + second, size)
  const total = counts.reduce((sum, ways) => sum + ways, 0)
  const least = (size * (size + 1)) / 2
  let [critical, below] = [-1, 0]
  for (const ways of counts.subarray(least)) {
    below += ways
    if (below / total > tail) break
    critical++
  }
  return critical
}
