/**
 * The chapter on ceilings: the empty polls that a server answers per second when it is asked as fast as it answers.
 * Nothing is computed from them. A held request, a request that brings an event and a stream cost something else, so
 * that the figure says nothing about how many clients a server can serve.
 */
import { typical } from '../../results/across-runs.ts'
import type { Scenario, Series } from '../../results/reading.ts'
import type { Ceiling } from '../../results/result.ts'
import { listed, show } from '../display.ts'
import { type Chapter, figuresBlock } from './block.ts'
import type { Figure } from './figure.ts'
import { numberCell } from './table.ts'

/** A technique whose clients poll, with the ceiling of its server. */
export interface Asked {
  readonly series: Series
  readonly requestsPerSecond: number
  readonly cpuMicrosPerRequest: number | null
  /** Of the server's event loop during the measurement; CPU time per request holds for this load alone. */
  readonly serverUtilization: number | null
  /** What set the pace, in any of its runs. */
  readonly boundBy: readonly Ceiling['boundBy'][]
}

/** The techniques of a scenario whose ceiling was measured; invalid runs are left out. */
export const askedOf = ({ series }: Scenario): Asked[] =>
  series.flatMap(each => {
    const rate = typical(each, 'ceiling.requestsPerSecond')
    return rate === null || each.state !== 'passed'
      ? []
      : {
          series: each,
          requestsPerSecond: rate,
          cpuMicrosPerRequest: typical(each, 'ceiling.cpuPerRequest'),
          serverUtilization: typical(each, 'ceiling.serverUtilization'),
          boundBy: [...new Set(each.runs.flatMap(run => run.ceiling?.boundBy ?? []))],
        }
  })

/** What set the pace of the ceilings, in words. */
function paceWords(all: readonly Asked[]): string[] {
  const labels = (bound: Ceiling['boundBy']): string[] =>
    all.filter(({ boundBy }) => boundBy.includes(bound)).map(({ series }) => series.label)
  const [server, asking, unclear] = [labels('server'), labels('generator'), labels('unclear')]
  return [
    ...(server.length === 0 ? [] : [`With ${listed(server)} the server was at its limit.`]),
    ...(asking.length === 0
      ? []
      : [
          `With ${listed(asking)} the asking process was at its limit, not the server: the true figure is higher.`,
        ]),
    ...(unclear.length === 0
      ? []
      : [`With ${listed(unclear)} it is unclear what set the pace, so the figure is a lower bound.`]),
  ]
}

/** Requests per second at saturation. */
function requestsFigure(asked: readonly Asked[]): Figure {
  const texts = asked.map(each => show(each.requestsPerSecond, 'per second'))
  const title = 'Empty polls that one server answers'
  return {
    id: 'requests',
    subject: title,
    title,
    unit: 'requests per second',
    reading: 'Requests per second when every connection asks again as soon as it is answered.',
    notes: [
      'This is not a number of clients. Nothing is published and nothing is held, while in use a server also delivers events, and a held request or a stream stands open between them.',
      ...paceWords(asked),
      'The server counts by its own clock; the asking process (autocannon) confirms the count. The measurement has its own server process, no link, a page without its files, and a hold of 0.',
    ],
    wide: true,
    chart: {
      kind: 'rows',
      value: { scale: 'linear', size: 1, unit: '' },
      rows: asked.map(({ series }, at) => ({
        series: series.place,
        doubtful: false,
        text: texts[at] ?? '',
      })),
      showText: true,
      parts: [{ label: title, colour: 'series', values: asked.map(each => each.requestsPerSecond), texts }],
      marks: [],
      span: false,
    },
    numbers: {
      corner: 'technique',
      heads: [
        { text: 'requests per second' },
        { text: 'server CPU per request' },
        { text: 'event loop of the server busy' },
      ],
      rows: asked.map(each => ({
        head: each.series.label,
        series: each.series.place,
        cells: [
          numberCell(each.requestsPerSecond, 'per second'),
          numberCell(each.cpuMicrosPerRequest, 'µs'),
          numberCell(each.serverUtilization, 'ratio'),
        ],
      })),
    },
  }
}

/** A section per scenario in which a ceiling was measured. */
export const ceilingChapter: Chapter = ({ baseline }) =>
  baseline.flatMap((scenario, at) => {
    const asked = askedOf(scenario)
    return asked.length === 0
      ? []
      : {
          id: `ceiling-${at + 1}`,
          title: baseline.length > 1 ? `Ceiling: ${scenario.name}` : 'Ceiling',
          findings: [],
          blocks: [figuresBlock(() => [requestsFigure(asked)], ['page', 'markdown'])],
        }
  })
