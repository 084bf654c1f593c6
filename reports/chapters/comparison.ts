/** The chapter of the comparison: a section for each scenario, of the runs that met no fault. */
import { across } from '../../results/across-runs.ts'
import type { Scenario } from '../../results/reading.ts'
import { type Block, type Chapter, figuresBlock } from './block.ts'
import { columnsOf, seriesTable } from './columns.ts'
import { comparisonFindings } from './comparison-findings.ts'
import { bytesPerDelivery, cpuPerDelivery, emptyResponses, memoryPerClient } from './cost-figures.ts'
import type { Figure } from './figure.ts'
import { latencyByPercentile, latencySpread } from './latency-figures.ts'
import { linkParagraphs } from './link-findings.ts'
import { sharedSessionParagraphs } from './shared-sessions.ts'
import { deliveredOverTime, tailOverTime } from './timeline-figures.ts'

/** The figures of a scenario, in reading order. */
const figures: readonly ((scenario: Scenario) => Figure)[] = [
  latencyByPercentile,
  latencySpread,
  emptyResponses,
  bytesPerDelivery,
  cpuPerDelivery,
  memoryPerClient,
  deliveredOverTime,
  tailOverTime,
]

/** The figures that have something to show: memory per client needs many clients. */
const figuresOf = (scenario: Scenario): Figure[] =>
  figures
    .filter(
      each =>
        each !== memoryPerClient ||
        scenario.series.some(series => across(series, 'server.rssPerClient') !== null),
    )
    .map(figure => figure(scenario))

/** For results that hold runs with and without a fault. */
const leftOut: Block = {
  kind: 'paragraph',
  role: 'note',
  text: 'Runs with a fault are left out here and have sections of their own: their latency, bytes and CPU time mix the storm with the time before it.',
  only: ['page', 'markdown'],
}

const rangeNote: Block = {
  kind: 'paragraph',
  role: 'note',
  text: 'Every number is the median across the runs of a technique; brackets hold the smallest and the largest run.',
  only: ['page', 'markdown'],
}

/** A section per scenario: the comparison table, then the figures. */
export const comparisonChapter: Chapter = ({ baseline, faulted }) =>
  baseline.map((scenario, at) => {
    const { name, series } = scenario
    const several = baseline.length > 1
    return {
      id: `scenario-${at + 1}`,
      title: several ? `Comparison: ${name}` : 'Comparison',
      findings: comparisonFindings(scenario).map(each =>
        several ? { ...each, topic: `${each.topic}, ${name}` } : each,
      ),
      blocks: [
        ...(faulted.length > 0 ? [leftOut] : []),
        seriesTable(`Comparison, scenario ${name}`, series, columnsOf(series)),
        ...(series.some(({ runs }) => runs.length > 1) ? [rangeNote] : []),
        ...linkParagraphs(scenario),
        ...sharedSessionParagraphs(scenario),
        figuresBlock(() => figuresOf(scenario), ['page']),
      ],
    }
  })
