/**
 * How often is a thing called different from itself? 10,000 simulated comparisons over all metrics and techniques of a
 * gate. Nothing is measured: the runs are drawn from known distributions.
 */
import type { FindingName } from '../compare/finding.ts'
import {
  type Coverage,
  compareWithItself,
  type SelfComparisons,
  type SelfTally,
  shapeNames,
  upperBound,
} from '../test/compare/self-comparisons.ts'

const groups: readonly (SelfComparisons & { readonly name: string })[] = [
  ...shapeNames.map(shape => ({
    name: `${shape}, 1 to 15 techniques, 3 to 20 runs a side`,
    seed: shape,
    shape,
    count: 1_000,
  })),
  { name: 'each metric its own, 1 to 15 techniques, 3 to 20 runs a side', seed: 'mixed', count: 1_000 },
  // With few tests and many runs the exact test comes closest to its level.
  ...[10, 20].map(runs => ({
    name: `each metric its own, 1 technique, ${runs} runs a side`,
    seed: `${runs} runs`,
    runs,
    techniques: 1,
    count: 2_000,
  })),
]

/** Shapes in which a factor is exact: whole bytes are rounded after it. */
const scaling = shapeNames.filter(shape => shape !== 'rounded to whole bytes')

/** A thing with one that is so many times as slow, large or fast. */
const factors: readonly SelfComparisons[] = scaling.flatMap(shape =>
  [0.7, 1.05, 1.5].map(factor => ({ seed: `${shape}, ${factor}`, shape, factor, techniques: 2, count: 400 })),
)

/** Metrics that are the factor apart: of others the true effect is not known. */
const scaledMetrics: readonly FindingName[] = [
  'latency.p50',
  'latency.p99',
  'egress.perDelivery',
  'bytes.perDelivery',
  'server.cpuPerDelivery',
  'server.rssPerClient',
  'ceiling.requestsPerSecond',
  'storm.peakArrivals',
]

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`
const sum = (tallies: readonly SelfTally[], read: (tally: SelfTally) => number): number =>
  tallies.reduce((total, tally) => total + read(tally), 0)

/**
 * A row for each kind of noise, and one for each metric.
 * @param row takes the cells of one
 */
export function benchSame(row: (...cells: string[]) => void): void {
  row('noise', 'comparisons', 'any regressed', 'upper 95 % bound', 'any change', 'contradictions')
  row('---', '---:', '---:', '---:', '---:', '---:')
  const tallies = groups.map(group => {
    const tally = compareWithItself(group)
    row(group.name, ...cellsOf([tally]))
    return tally
  })
  row('all', ...cellsOf(tallies))
  console.log()
  const [same, changed] = [coverageOf(tallies), coverageOf(factors.map(compareWithItself))]
  row('metric', 'intervals, nothing changed', 'that contain the truth', 'intervals, changed', 'that do')
  row('---', '---:', '---:', '---:', '---:')
  for (const [metric, coverage] of same) {
    const other = scaledMetrics.includes(metric) ? changed.get(metric) : undefined
    if (coverage.printed > 0) row(metric, ...coverageCells(coverage), ...coverageCells(other))
  }
}

const coverageCells = (coverage: Coverage | undefined): string[] =>
  coverage === undefined
    ? ['-', '-']
    : [String(coverage.printed), percent(1 - coverage.missed / coverage.printed)]

function cellsOf(tallies: readonly SelfTally[]): string[] {
  const count = sum(tallies, tally => tally.comparisons)
  const regressed = sum(tallies, tally => tally.regressed)
  return [
    String(count),
    `${regressed} (${percent(regressed / count)})`,
    percent(upperBound(regressed, count)),
    percent(sum(tallies, tally => tally.changed) / count),
    String(sum(tallies, tally => tally.contradictions)),
  ]
}

const coverageOf = (tallies: readonly SelfTally[]): Map<FindingName, Coverage> =>
  new Map(
    [...(tallies[0]?.intervals.keys() ?? [])].map(metric => [
      metric,
      {
        printed: sum(tallies, tally => tally.intervals.get(metric)?.printed ?? 0),
        missed: sum(tallies, tally => tally.intervals.get(metric)?.missed ?? 0),
      },
    ]),
  )
