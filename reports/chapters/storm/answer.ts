/** The answer of one fault: how many came at once, how long it took until they were back, and what a low peak costs. */
import { typical } from '../../../results/across-runs.ts'
import type { Series } from '../../../results/reading.ts'
import { listed, many, show } from '../../display.ts'
import { trouble } from '../../warnings.ts'
import type { Answer } from '../block.ts'
import { type Ranked, ranked } from '../extremes.ts'
import { secondEvents } from './herd.ts'
import { fewestAffected, rowName, type Shape, type StormGroup, shapeOf, stormsOf } from './storms.ts'

type Words = Pick<Answer, 'headline' | 'sentences'>

const nameIn = ({ series }: Ranked, all: readonly Series[]): string => rowName(series, all)

/** `2,400 attempts within 100 ms, 4.8 per client`. */
function peakWords({ value, text, series }: Ranked): string {
  const perClient = value / series.runs[0].workload.clients
  return `${text} attempts within 100 ms${perClient > 1 ? `, ${show(perClient, 'count')} per client` : ''}`
}

/** Names the clients that a quantile is of, where they are so few that it says little. */
function ofFew(series: Series): string {
  const affected = typical(series, 'storm.affected') ?? 0
  return affected < fewestAffected ? ` of ${many(affected, 'affected client')}` : ''
}

/** Of clients that reconnect. */
function connectionAnswer(fault: string, all: readonly Series[]): Words {
  const peaks = ranked(all, 'storm.peakArrivals')
  const returns = ranked(all, 'storm.backP99')
  const [lowest, highest] = [peaks[0], peaks.at(-1)]
  if (lowest === undefined || highest === undefined)
    return { headline: `No run that met ${fault} passed.`, sentences: [] }
  const back = (of: Ranked): string => {
    const time = returns.find(({ series }) => series === of.series)
    return time !== undefined && Number.isFinite(time.value)
      ? `99 %${ofFew(of.series)} were back after ${time.text}`
      : 'fewer than 99 % came back'
  }
  const name = (of: Ranked): string => nameIn(of, all)
  if (lowest === highest)
    return {
      headline: `After ${fault}, ${name(lowest)} made ${peakWords(lowest)}, and ${back(lowest)}.`,
      sentences: [],
    }
  return {
    headline: `After ${fault}, ${name(highest)} made ${peakWords(highest)}; ${name(lowest)} only ${lowest.text}.`,
    sentences: [
      `With ${name(highest)} ${back(highest)}, with ${name(lowest)} ${back(lowest)}.`,
      ...gone(all),
    ],
  }
}

/** Clients that never came back, in a sentence; that all did, in another. */
function gone(all: readonly Series[]): string[] {
  const missing = ranked(all, 'storm.neverBack').filter(({ value }) => value > 0)
  return missing.length === 0
    ? ['Every affected client came back.']
    : [`Not all came back with ${listed(missing.map(each => `${nameIn(each, all)} (${each.text})`))}.`]
}

/** Of a herd. */
function herdAnswer(fault: string, all: readonly Series[]): Words {
  const rearm = ranked(all, 'rearm.p99')
  const [soonest, latest] = [rearm[0], rearm.at(-1)]
  if (soonest === undefined || latest === undefined)
    return { headline: `After ${fault}, no client asked again.`, sentences: [] }
  const met = all.flatMap(series =>
    secondEvents(series).map(event => ({
      name: series.name,
      gap: event.gapShare,
      share: event.metArmed / (event.metArmed + event.waited + event.lost || Number.NaN),
    })),
  )
  const worst = met.toSorted((a, b) => a.share - b.share)[0]
  return {
    headline:
      soonest === latest
        ? `After ${fault}, 99 % of the clients of ${soonest.series.name} had asked again within ${soonest.text}.`
        : `After ${fault}, 99 % of the clients had asked again within ${soonest.text} with ${soonest.series.name}, within ${latest.text} with ${latest.series.name}.`,
    sentences:
      worst === undefined
        ? []
        : [
            `Of a second event ${many(worst.gap, 'median gap')} later, ${show(worst.share, 'ratio')} of the deliveries of ${worst.name} met a waiting request; the others waited in the log.`,
          ],
  }
}

/** Of a fault that ended no connection: how late events were, and how soon a backlog was cleared. */
function latencyAnswer(fault: string, all: readonly Series[]): Words {
  const tails = ranked(all, 'latency.p99')
  const [lowest, highest] = [tails[0], tails.at(-1)]
  if (lowest === undefined || highest === undefined)
    return { headline: `No run that met ${fault} passed.`, sentences: [] }
  const cleared = ranked(all, 'storm.backlogCleared')
  const [soonest, latest] = [cleared[0], cleared.at(-1)]
  const name = (of: Ranked): string => nameIn(of, all)
  return {
    headline:
      lowest === highest
        ? `Through ${fault}, p99 of ${name(lowest)} was ${lowest.text}.`
        : `Through ${fault}, p99 was ${lowest.text} with ${name(lowest)} and ${highest.text} with ${name(highest)}.`,
    sentences: [
      soonest === undefined || latest === undefined
        ? 'No client lost its connection.'
        : soonest === latest
          ? `What clients had not read came within ${soonest.text} once they read again.`
          : `What clients had not read came within ${soonest.text} with ${name(soonest)} once they read again, and within ${latest.text} with ${name(latest)}.`,
    ],
  }
}

/** The answer to each shape of storm. */
const answers: Readonly<Record<Shape, (fault: string, all: readonly Series[]) => Words>> = {
  connections: connectionAnswer,
  requests: herdAnswer,
  latency: latencyAnswer,
}

/** The answer in words; what did not pass comes first among the sentences. */
export function stormAnswer({ fault, series }: StormGroup): Words {
  const passed = stormsOf(series).filter(each => each.series.state === 'passed')
  const troubles = series.flatMap(each => {
    const why = trouble(each)
    return why === null ? [] : [`${each.label} ${each.state}: ${why}.`]
  })
  const present = (Object.keys(answers) as Shape[]).find(shape =>
    passed.some(each => shapeOf(each) === shape),
  )
  const shape = present ?? 'connections'
  const { headline, sentences } = answers[shape](
    fault,
    passed.filter(each => shapeOf(each) === shape).map(each => each.series),
  )
  return { headline, sentences: [...troubles.slice(0, 1), ...sentences] }
}
