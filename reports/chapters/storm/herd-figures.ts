/** Charts of herds: how long clients take to ask again, and what that does to an event that comes meanwhile. */

import type { Series } from '../../../results/reading.ts'
import { show } from '../../display.ts'
import type { Block } from '../block.ts'
import { ends, endsWords } from '../extremes.ts'
import type { Figure } from '../figure.ts'
import { percentileFigure } from '../latency-figures.ts'
import { numberCell } from '../table.ts'
import { dueOf, type SecondEvent, secondEvents } from './herd.ts'
import type { SeriesStorm } from './storms.ts'

/** How long from an answer until the same client's next request is at the server. */
export function rearmFigure(all: readonly Series[]): Figure {
  const tail = ends(all, 'rearm.p99')
  const subject = 'Re-arm times'
  return percentileFigure(all, run => run.rearmMicros, {
    id: 'rearm',
    subject,
    title: tail === null ? subject : `99 % of the clients had asked again within ${endsWords(tail)}`,
    samples: 'answers',
    reading:
      "From the end of an answer to the arrival of the same client's next request. In this gap the server cannot send to that client; an event waits in the log.",
    notes: ['Covers the whole run, warm-up included; the table below lists each event.'],
  })
}

const outcomes = [
  { label: 'met a waiting request', read: (event: SecondEvent) => event.metArmed },
  { label: 'waited in the log', read: (event: SecondEvent) => event.waited },
  { label: 'lost', read: (event: SecondEvent) => event.lost },
] as const

/** The event that the fewest clients were ready for. */
function outcomeTitle(shares: readonly { label: string; share: number }[]): string {
  const worst = shares.reduce<(typeof shares)[number] | null>(
    (least, each) => (least === null || each.share < least.share ? each : least),
    null,
  )
  return worst === null
    ? 'What became of the second event'
    : `${show(worst.share, 'ratio')} of the clients had asked again when the second event came (${worst.label})`
}

/** The share of the clients that had asked again when a second event came. */
export function outcomeFigure(all: readonly Series[]): Figure {
  const rows = all.flatMap(series =>
    secondEvents(series)
      .filter(event => dueOf(event) > 0)
      .map(event => ({
        series,
        event,
        label: `${series.name}, ${event.gapShare} gap${event.gapShare === 1 ? '' : 's'} later`,
      })),
  )
  const shares = outcomes.map(({ read }) => rows.map(({ event }) => read(event) / dueOf(event)))
  return {
    id: 'second-event',
    subject: 'What became of the second event',
    title: outcomeTitle(rows.map(({ label, event }) => ({ label, share: event.metArmed / dueOf(event) }))),
    unit: '% of deliveries',
    reading:
      'The second event follows the first by half a median re-arm gap, by one and by two. The number at the end is the share of clients that had asked again by then; for the others the event waits in the log.',
    notes: rows.length === 0 ? ['No data: no event followed another.'] : [],
    wide: true,
    chart:
      rows.length === 0
        ? null
        : {
            kind: 'rows',
            value: { scale: 'linear', size: 0.01, unit: ' %' },
            rows: rows.map(({ series, event, label }) => ({
              series: series.place,
              doubtful: series.state !== 'passed',
              text: show(event.metArmed / dueOf(event), 'ratio'),
              label,
            })),
            showText: true,
            parts: outcomes.map(({ label }, at) => ({
              label,
              colour: at,
              values: shares[at] ?? [],
              texts: (shares[at] ?? []).map(share => show(share, 'ratio')),
            })),
            marks: [],
            span: false,
          },
    numbers: {
      corner: 'second event',
      heads: outcomes.flatMap(({ label }) => [{ text: label }, { text: 'share' }]),
      rows: rows.map(({ series, event, label }) => ({
        head: label,
        series: series.place,
        cells: outcomes.flatMap(({ read }) => [
          numberCell(read(event), 'count'),
          numberCell(read(event) / dueOf(event), 'ratio'),
        ]),
      })),
    },
  }
}

/** Each event of the middle run by itself. */
export function pulseTable(storms: readonly SeriesStorm[]): Block[] {
  const rows = storms.flatMap(({ series, storm }) =>
    (storm.pulses ?? []).map((pulse, at) => ({
      head: `${series.name}, event ${at + 1}`,
      series: series.place,
      cells: [
        numberCell(pulse.atMicros - storm.faultAtMicros, 'µs'),
        pulse.afterMicros === null ? { value: null, text: 'first' } : numberCell(pulse.gapShare, 'count'),
        numberCell(pulse.delivered, 'count'),
        numberCell(pulse.metArmed, 'count'),
        numberCell(pulse.waited, 'count'),
        numberCell(pulse.lost, 'count'),
        numberCell(pulse.latencyMicros?.p50 ?? null, 'µs'),
        numberCell(pulse.latencyMicros?.max ?? null, 'µs'),
        numberCell(pulse.rearmed, 'count'),
        numberCell(pulse.rearmMicros?.p50 ?? null, 'µs'),
        numberCell(pulse.rearmMicros?.p99 ?? null, 'µs'),
        numberCell(pulse.rearmMicros?.max ?? null, 'µs'),
      ],
    })),
  )
  const heads = [
    'due',
    'gaps later',
    'delivered',
    'met armed',
    'waited',
    'lost',
    'latency p50',
    'max',
    'asked again',
    're-arm p50',
    'p99',
    'max',
  ]
  const title = 'The events one by one'
  return [
    { kind: 'heading', text: title, only: ['page'] },
    {
      kind: 'numbers',
      title,
      corner: 'event',
      heads: heads.map(text => ({ text })),
      rows,
      only: ['page'],
    },
  ]
}
