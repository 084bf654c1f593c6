/** The two sides of a comparison in words: where each comes from, its machine, and what was measured. */
import type { Comparison, Side } from '../../compare/compare.ts'
import { listed, many, show } from '../display.ts'
import { type Fact, showTime, workloadPhrases } from '../subject.ts'

/** `10 runs`, `1 run of 2 series`, `2 to 3 runs of 2 series`. */
export function runsText(runsOfSeries: readonly number[]): string {
  const [fewest, most] = [Math.min(...runsOfSeries), Math.max(...runsOfSeries)]
  const runs = fewest === most ? many(most, 'run') : `${fewest} to ${many(most, 'run')}`
  return runsOfSeries.length === 1 ? runs : `${runs} of ${runsOfSeries.length} series`
}

/** `base.json, commit 0a1b2c3, 10 runs of 2 series, 2026-01-31 12:34 UTC, pushbench 0.1.0`. */
const originText = ({ name, gitCommit, runsOfSeries, startedAt, toolVersion }: Side): string =>
  [
    name,
    ...(gitCommit === null ? [] : [`commit ${gitCommit.slice(0, 12)}`]),
    runsText(runsOfSeries),
    showTime(startedAt),
    `pushbench ${toolVersion}`,
  ].join(', ')

const machineText = ({ machine: { cpu, cores, memoryBytes, kernel, node } }: Side): string =>
  [cpu, many(cores, 'core'), show(memoryBytes, 'bytes'), kernel, `Node.js ${node}`].join(', ')

/** The most techniques that are named. */
const mostNamed = 4

const workloadText = ({ scenarios }: Side): string =>
  scenarios
    .map(({ name, techniques, workloads }) => {
      const what = techniques.length > mostNamed ? many(techniques.length, 'technique') : listed(techniques)
      return [`${name}: ${what}`, ...workloadPhrases(workloads.map(workload => ({ workload })))].join(', ')
    })
    .join('; ')

/** One line for what both sides share, one for each side where they differ. */
function shared(name: string, { base, head }: Comparison, text: (side: Side) => string): Fact[] {
  const [before, after] = [text(base), text(head)]
  return before === after
    ? [{ name, value: before }]
    : [
        { name: `${name} of the base`, value: before },
        { name: `${name} of the head`, value: after },
      ]
}

/** What was compared, a line each. */
export const sideFacts = (comparison: Comparison): Fact[] => [
  { name: 'base', value: originText(comparison.base) },
  { name: 'head', value: originText(comparison.head) },
  ...shared('machine', comparison, machineText),
  ...shared('workload', comparison, workloadText),
]
