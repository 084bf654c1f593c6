/**
 * Correctness before speed: deliveries that were lost, duplicated or out of order.
 *
 * Where the base has none in all its runs, one in the head is a regression, whatever the number of runs: no
 * statistics excuse a lost event. That rule is not part of the 5 %: code that sometimes loses an event will
 * sometimes regress against itself, and should.
 *
 * A scenario that loses by design, or a base that was broken before, has some in both. Then the share of the
 * deliveries that each run lost is one more metric among the tested ones: the head regresses where its share is
 * higher by at least a tenth and by more than chance. A head with none at all is never worse; one that lost more in
 * all, in too few runs to decide, is `inconclusive`.
 */
import { metric } from '../results/metrics.ts'
import type { Measurement } from '../results/result.ts'
import type { CorrectnessMetric } from './gated-metrics.ts'
import type { Ruling } from './judge.ts'
import { counted } from './words.ts'

/** Deliveries of one side that went wrong in one way. */
interface Wrong {
  readonly total: number
  readonly expected: number
  /** Runs with at least one. */
  readonly runs: number
  readonly of: number
}

const perRun = (name: CorrectnessMetric, runs: readonly Measurement[]): number[] =>
  runs.map(run => metric(name).read(run) ?? 0)
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

function wrongOf(name: CorrectnessMetric, runs: readonly Measurement[]): Wrong {
  const counts = perRun(name, runs)
  return {
    total: sum(counts),
    expected: sum(runs.map(({ events }) => events.expected)),
    runs: counts.filter(count => count > 0).length,
    of: runs.length,
  }
}

/** Deliveries that went wrong in all runs. */
export const wrongTotal = (name: CorrectnessMetric, runs: readonly Measurement[]): number =>
  sum(perRun(name, runs))

/** The share of its deliveries that went wrong, of each run in which some were due. */
export const wrongShares = (name: CorrectnessMetric, runs: readonly Measurement[]): number[] =>
  runs
    .filter(({ events }) => events.expected > 0)
    .map(run => (metric(name).read(run) ?? 0) / run.events.expected)

const words: Readonly<Record<CorrectnessMetric, string>> = {
  'events.lost': 'lost',
  'events.duplicated': 'duplicated',
  'events.outOfOrder': 'out of order',
}

const countText = (name: CorrectnessMetric, { total, expected, runs, of }: Wrong): string =>
  `${total.toLocaleString('en-US')} of ${expected.toLocaleString('en-US')} deliveries ${words[name]}, in ${runs} of ${counted(of, 'run')}`

/** What is certain without statistics; null where both sides have some, so that the shares must be compared. */
export function certainRuling(
  name: CorrectnessMetric,
  base: readonly Measurement[],
  head: readonly Measurement[],
): Ruling | null {
  const [before, after] = [wrongOf(name, base), wrongOf(name, head)]
  if (before.total === 0 && after.total === 0)
    return { verdict: 'unchanged', reason: `none ${words[name]} on either side`, runsNeeded: null }
  if (before.total === 0) {
    const reason = `new: ${countText(name, after)}; the base has none in ${counted(before.of, 'run')}`
    return { verdict: 'regressed', reason, runsNeeded: null }
  }
  return null
}

/**
 * The ruling where both sides were compared and the test found no change. Where less than half of the base's runs lost
 * anything, the middle of the shares is 0 on both sides and shows nothing of a bad run, so that a head which lost
 * more in all is left open rather than called unchanged.
 */
export function openRuling(
  name: CorrectnessMetric,
  base: readonly Measurement[],
  head: readonly Measurement[],
): Ruling | null {
  const [before, after] = [wrongOf(name, base), wrongOf(name, head)]
  if (after.total === 0) {
    const reason = `none ${words[name]} in the head; the base has ${countText(name, before)}, too few to call it improved`
    return { verdict: 'unchanged', reason, runsNeeded: null }
  }
  const isRare = before.runs * 2 < before.of
  if (!isRare || after.total / after.expected <= before.total / before.expected) return null
  const reason = `the head has ${countText(name, after)}, the base ${countText(name, before)}: more, but too rare to rule out chance`
  return { verdict: 'inconclusive', reason, runsNeeded: null }
}
