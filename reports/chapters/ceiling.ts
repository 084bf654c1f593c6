/** The chapter on ceilings: how many clients a server can serve at most, and from which figures. */

import type { Result } from '../../results/result.ts'
import { show } from '../display.ts'
import type { Chapter } from './block.ts'
import {
  type Asked,
  acceptableSeconds,
  askedOf,
  ceilingFindings,
  connectionWords,
  paceWords,
  pollingClients,
} from './ceiling-findings.ts'
import type { Figure, Shape } from './figure.ts'
import { type NumberCell, numberCell } from './table.ts'

const shapes: readonly Shape[] = ['circle', 'rectRot', 'triangle', 'rect', 'crossRot']

/** `at least`, where the asking process set the pace and not the server. */
const clientsCell = (value: number, { boundBy }: Pick<Asked, 'boundBy'>): NumberCell => {
  const cell = numberCell(value, 'count')
  return boundBy.includes('generator') ? { ...cell, text: `at least ${cell.text}` } : cell
}

/** Clients by acceptable latency. */
function clientsFigure(asked: readonly Asked[], result: Result): Figure {
  const counts = asked.map(each =>
    acceptableSeconds.map(latency => pollingClients(each.requestsPerSecond, latency)),
  )
  const texts = (values: readonly (number | null)[]): string[] => values.map(value => show(value, 'count'))
  const latencyMarks = acceptableSeconds.map((latency, at) => {
    // A log axis has no place for 0.
    const values = asked.map((_, row) => (counts[row]?.[at] ? counts[row][at] : null))
    return { label: `${latency} s`, shape: shapes[at] ?? 'circle', values, texts: texts(values) }
  })
  return {
    id: 'clients',
    title: 'Clients that one server can serve at most',
    unit: 'clients, log scale',
    reading:
      'Each point is requests per second times an acceptable latency: for events within 2 s, a client asks every 2 s. Further right serves more clients.',
    notes: [
      'Clients ≤ requests/s × acceptable latency (Van de Vyvere et al. 2020). The measured polls had empty answers. Polls that bring events cost more, so with events the number is lower.',
      'Streams have no request ceiling and are left out: their cost per event was measured far below their limit. To find that limit, add clients or raise the rate until a warning says that the server is saturated.',
      connectionWords(result),
      'Van de Vyvere et al. saw polling serve 5,000 clients (8,000 behind a cache) and SSE 25,000, with 5.2 kB every 5 s from Node.js. Hardware differs: compare the ratio, not the totals.',
    ],
    wide: true,
    chart: {
      kind: 'rows',
      value: { scale: 'log', size: 1, unit: '' },
      rows: asked.map(({ series }) => ({ series: series.place, doubtful: false, text: '' })),
      showText: false,
      parts: [],
      marks: latencyMarks,
      span: true,
    },
    numbers: {
      corner: 'technique',
      heads: acceptableSeconds.map(latency => ({ text: `within ${latency} s` })),
      rows: asked.map((each, row) => ({
        head: each.series.label,
        series: each.series.place,
        cells: (counts[row] ?? []).map(value => clientsCell(value, each)),
      })),
    },
  }
}

/** Requests per second, the figure that the clients follow from. */
function requestsFigure(asked: readonly Asked[]): Figure {
  const texts = asked.map(each => show(each.requestsPerSecond, 'per second'))
  const title = 'Empty polls that one server answers'
  return {
    id: 'requests',
    title,
    unit: 'requests per second',
    reading:
      'Requests per second when every connection asks again as soon as it is answered. Longer serves more clients.',
    notes: [
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
        { text: 'server utilisation' },
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
export const ceilingChapter: Chapter = ({ baseline, result }) =>
  baseline.flatMap((scenario, at) => {
    const asked = askedOf(scenario)
    const suffix = baseline.length > 1 ? scenario.name : null
    return asked.length === 0
      ? []
      : {
          id: `ceiling-${at + 1}`,
          title: suffix === null ? 'Ceiling' : `Ceiling: ${suffix}`,
          findings: ceilingFindings(asked).map(each =>
            suffix === null ? each : { ...each, topic: `${each.topic}, ${suffix}` },
          ),
          blocks: [
            {
              kind: 'figures',
              figures: [clientsFigure(asked, result), requestsFigure(asked)],
              only: ['page', 'markdown'],
            },
          ],
        }
  })
