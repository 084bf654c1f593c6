/** The chapter of the comparison: a section for each scenario, of the runs that met no fault. */
import type { Scenario, Series } from '../../results/reading.ts'
import { tieBandSentence } from '../tie-band.ts'
import { type Block, type Chapter, figuresBlock, once } from './block.ts'
import { bytesPerDelivery } from './byte-figures.ts'
import { columnsOf, correctnessSentence, seriesTable } from './columns.ts'
import { comparisonAnswer } from './comparison-answer.ts'
import { comparisonFindings, exceptions } from './comparison-findings.ts'
import { cpuPerDelivery, emptyResponses, memoryPerClient } from './cost-figures.ts'
import { costPicture } from './cost-picture.ts'
import type { Figure } from './figure.ts'
import { latencyByPercentile } from './latency-figures.ts'
import { latencySpread } from './latency-spread.ts'
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

/** The figures that have something to show: memory per client needs many clients, and what failed has no latency. */
const figuresOf = (scenario: Scenario): Figure[] =>
  figures.map(figure => figure(scenario)).filter(({ chart }) => chart !== null)

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

/** More columns than this, because something went wrong, must share the width. */
const usualColumns = 8

/** What the table leaves out because it went well. */
function correctness(series: readonly Series[]): Block[] {
  const but = exceptions(series.filter(({ state }) => state === 'passed'))
  const sentence = correctnessSentence(series, but)
  const passed = series.every(({ state }) => state === 'passed')
  const all =
    series.length === 1 ? 'It passed.' : `${series.length === 2 ? 'Both' : `All ${series.length}`} passed.`
  const text = [passed ? all : null, sentence].filter(each => each !== null).join(' ')
  return text === '' ? [] : [{ kind: 'paragraph', text }]
}

/** Which differences of latency are none; the terminal says it above its warnings. */
function tieParagraph(scenario: Scenario): Block[] {
  const text = tieBandSentence(scenario)
  return text === null ? [] : [{ kind: 'paragraph', role: 'note', text, only: ['page', 'markdown'] }]
}

/** A section per scenario: the comparison table, then the figures. */
export const comparisonChapter: Chapter = ({ baseline, faulted }) =>
  baseline.map((scenario, at) => {
    const { name, series } = scenario
    const several = baseline.length > 1
    return {
      id: `scenario-${at + 1}`,
      title: several ? `Comparison: ${name}` : 'Comparison',
      answer: {
        ...comparisonAnswer(scenario, several),
        picture: once(() => costPicture(scenario)),
      },
      findings: comparisonFindings(scenario).map(each =>
        several ? { ...each, topic: `${each.topic}, ${name}` } : each,
      ),
      blocks: [
        ...(faulted.length > 0 ? [leftOut] : []),
        seriesTable(`Comparison, scenario ${name}`, series, columnsOf(series), {
          states: series.some(({ state }) => state !== 'passed'),
          dense: columnsOf(series).length > usualColumns,
        }),
        ...correctness(series),
        ...tieParagraph(scenario),
        ...(series.some(({ runs }) => runs.length > 1) ? [rangeNote] : []),
        ...linkParagraphs(scenario),
        ...sharedSessionParagraphs(scenario),
        figuresBlock(() => figuresOf(scenario), ['page']),
      ],
    }
  })
