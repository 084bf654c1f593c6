/** Metrics that say nothing of some series: a comparison leaves them out, and says so in a sentence. */
import { clientsForMemory } from '../results/metric.ts'
import { isOneLoad } from './differences.ts'
import type { GatedMetric, GateName } from './gated-metrics.ts'
import type { SeriesPair } from './pairs.ts'

/** Why a metric is not compared. */
interface Exclusion {
  readonly metric: GateName
  readonly concerns: (pair: SeriesPair) => boolean
  /** What follows "is not compared: ". */
  readonly reason: string
}

/** The fewest clients of any run of both sides. */
const fewestClients = ({ base, head }: SeriesPair): number =>
  Math.min(...[...base, ...head].map(({ clients }) => clients.asked))

const exclusions: readonly Exclusion[] = [
  {
    metric: 'server.cpuPerDelivery',
    // An idle event loop wakes up for each request, a busy one for many.
    concerns: pair => !isOneLoad(pair),
    reason: 'the workloads differ, and CPU time per event depends on the load',
  },
  {
    metric: 'server.rssPerClient',
    concerns: pair => fewestClients(pair) < clientsForMemory,
    reason: `memory per client is meaningful from ${clientsForMemory.toLocaleString('en')} clients on`,
  },
]

/** The metrics that can be compared in a series. */
export const comparableIn = (pair: SeriesPair, gates: readonly GatedMetric[]): GatedMetric[] =>
  gates.filter(gate => !exclusions.some(({ metric, concerns }) => metric === gate.metric && concerns(pair)))

/** What is left out of which series, a sentence for each metric. */
export const leftOutNotes = (pairs: readonly SeriesPair[], gates: readonly GatedMetric[]): string[] =>
  exclusions
    .filter(({ metric }) => gates.some(gate => gate.metric === metric))
    .flatMap(({ metric, concerns, reason }) => {
      const [first, ...more] = pairs.filter(concerns)
      if (first === undefined) return []
      const others = more.length === 0 ? '' : ` and ${more.length} more`
      return [`${metric} of ${first.label} in ${first.scenario}${others} is not compared: ${reason}`]
    })
