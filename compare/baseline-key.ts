/** Which stored results a result can be compared with, as a short text that a cache can have in its key. */
import { createHash } from 'node:crypto'
import { readingOf } from '../results/reading.ts'
import type { Measurement, Result } from '../results/result.ts'
import { askedDuration, environmentFacts, typicalRun, workloadFacts } from './differences.ts'

const hexDigits = 16

/**
 * A digest of the machine, the versions, the techniques and the workload: 16 hexadecimal digits. Two results with one
 * key differ in the code alone, as far as a result knows. It finds a baseline; what may be compared is decided by
 * comparing, which sees also what a run that failed early does not record.
 */
export function baselineKey(result: Result): string {
  const series = readingOf(result).scenarios.flatMap(scenario => scenario.series)
  const facts = [
    [...environmentFacts(result)],
    ...series.map(({ scenario, technique, runs }) => [scenario, technique, factsOf(runs)]),
  ]
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, hexDigits)
}

function factsOf(runs: readonly Measurement[]): unknown {
  const run = typicalRun(runs)
  return run === undefined ? [] : [[...workloadFacts(run)].toSorted(), askedDuration(run)]
}
