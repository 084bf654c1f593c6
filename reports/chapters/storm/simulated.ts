/** Storms next to the simulation of the same storms. */
import type { MetricName } from '../../../results/metrics.ts'
import { showSpan } from '../../display.ts'
import type { Block } from '../block.ts'
import { cellOf } from '../columns.ts'
import { type NumberCell, numberCell } from '../table.ts'
import { rowName, type SeriesStorm } from './storms.ts'

/** What is compared with the model of a storm. */
const compared: readonly {
  readonly title: string
  readonly measured: MetricName
  readonly simulated: MetricName
}[] = [
  {
    title: 'peak after return',
    measured: 'storm.peakAfterReturn',
    simulated: 'storm.simulatedPeakArrivals',
  },
  { title: 't50', measured: 'storm.backP50', simulated: 'storm.simulatedBackP50' },
  { title: 't99', measured: 'storm.backP99', simulated: 'storm.simulatedBackP99' },
]

const cellsOf = ({ series }: SeriesStorm): NumberCell[] =>
  compared.flatMap(({ measured, simulated }) => {
    const [own, model] = [cellOf(series, measured), cellOf(series, simulated)]
    const ratio = own.value !== null && model.value ? own.value / model.value : null
    return [own, model, numberCell(ratio, 'count')]
  })

/** Measured and simulated side by side; nothing where no storm was simulated. */
export function simulatedBlocks(storms: readonly SeriesStorm[]): Block[] {
  const simulated = storms.filter(({ storm }) => storm.simulated !== null)
  if (simulated.length === 0) return []
  const others = storms.map(({ series }) => series)
  const title = 'Measured and simulated'
  return [
    { kind: 'heading', text: title, only: ['page'] },
    {
      kind: 'paragraph',
      role: 'note',
      text: `The simulation runs the same storm with the same backoff code on a virtual clock. A ratio above 1 means that the measured value is larger. ${inputs(simulated)} Where the two differ, the machine did something that the model leaves out, or the model was given a wrong input.`,
      only: ['page'],
    },
    {
      kind: 'numbers',
      title,
      corner: 'technique',
      heads: compared.flatMap(each => [{ text: each.title }, { text: 'model' }, { text: 'ratio' }]),
      rows: simulated.map(each => ({
        head: rowName(each.series, others),
        series: each.series.place,
        cells: cellsOf(each),
      })),
      only: ['page'],
    },
  ]
}

/** What was put into the models, from the smallest to the largest. */
function inputs(storms: readonly SeriesStorm[]): string {
  const models = storms.flatMap(({ storm }) => storm.simulated ?? [])
  const [service, notice] = [
    models.map(each => each.serviceMicros),
    models.map(each => each.noticedWithinMicros),
  ].map(values => showSpan(values, 'µs'))
  return `It assumes ${service} of service time for each connection, and that clients notice the loss within ${notice}.`
}
