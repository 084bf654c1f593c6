/**
 * Simulated comparisons of a thing with itself, or with one that is so many times as slow, over all metrics and techniques of a gate. Every metric of every series
 * has a distribution of its own, from which both sides draw their runs: whatever a comparison calls is chance.
 */
import { type Comparison, compareResults } from '../../compare/compare.ts'
import type { Finding, FindingName } from '../../compare/finding.ts'
import { gateNames, type MetricLevels } from '../../compare/gated-metrics.ts'
import type { Random } from '../../model/random.ts'
import { clientsForMemory } from '../../results/metric.ts'
import type { Ceiling, Measurement, Result } from '../../results/result.ts'
import { servers } from '../../servers/index.ts'
import { measurementOf, resultOf } from '../reports/fixture.ts'
import { stormMeasurementOf } from '../reports/storms.ts'
import { drawing, noises } from './random-samples.ts'
import { deliveries, spoiled } from './simulated.ts'

/** A distribution of one metric: each call draws the value of one run. */
type Draw = () => number

/** How values scatter around a typical one, by name. */
const shapes = {
  ...noises,
  'rounded to whole bytes': (random: Random, cv: number) => noises['log-normal'](random, cv),
  constant: () => 1,
} as const
export type Shape = keyof typeof shapes
export const shapeNames = Object.keys(shapes) as Shape[]

/** A metric with a true zero, of any shape. Wide noise reaches every minimum effect; narrow noise makes ties. */
function amountOf(random: Random, shape: Shape, typical: number): Draw {
  const cv = 0.005 * 100 ** random()
  const level = typical * (0.5 + random())
  const whole = shape === 'rounded to whole bytes'
  return () => {
    const value = level * shapes[shape](random, cv)
    return whole ? Math.round(value) : value
  }
}

/** A count that is 0 in most runs. */
function rareOf(random: Random): Draw {
  const chance = 0.3 * random()
  const size = 1 + Math.floor(20 * random())
  return () => (random() < chance ? 1 + Math.floor(size * random()) : 0)
}

/** Every distribution of one series. */
interface Truth {
  readonly technique: string
  readonly template: Measurement
  readonly amount: Readonly<Record<'p50' | 'p99' | 'cpu' | 'memory' | 'ceiling' | 'peak' | 'back', Draw>>
  readonly bytes: Readonly<Record<'out' | 'in', Draw>>
  readonly empty: Draw
  readonly rare: Readonly<Record<'reconnects' | 'errors' | 'neverBack', Draw>>
  /** Deliveries lost in each run: none, or some in each, as where a scenario loses by design. */
  readonly lost: Draw
}

function truthOf(random: Random, technique: string, template: Measurement, shape: Shape | undefined): Truth {
  const any = (): Shape => shape ?? shapeNames[Math.floor(random() * shapeNames.length)] ?? 'normal'
  const amount = (typical: number): Draw => amountOf(random, any(), typical)
  return {
    technique,
    template,
    amount: {
      p50: amount(2_000),
      p99: amount(8_000),
      cpu: amount(15),
      memory: amount(9_000),
      ceiling: amount(5_000),
      peak: amount(400),
      back: amount(5e6),
    },
    bytes: { out: amount(150), in: random() < 0.3 ? () => 0 : amount(60) },
    empty: amount(0.4),
    rare: { reconnects: rareOf(random), errors: rareOf(random), neverBack: rareOf(random) },
    lost: random() < 0.2 ? () => 1 + Math.floor(50 * random()) : () => 0,
  }
}

const times = <K extends string>(draws: Readonly<Record<K, Draw>>, factor: number): Record<K, Draw> =>
  Object.fromEntries(
    Object.entries<Draw>(draws).map(([name, draw]) => [name, () => draw() * factor]),
  ) as Record<K, Draw>

/** The same with times, bytes, CPU, memory and rates that are so many times as large. */
const scaled = (truth: Truth, factor: number): Truth => ({
  ...truth,
  amount: times(truth.amount, factor),
  bytes: times(truth.bytes, factor),
})

/** One run. */
function runOf(truth: Truth, run: number): Measurement {
  const { template: like, amount, bytes, rare } = truth
  if (like.latencyMicros === null) throw new Error('a template without latency')
  const emptyRatio = Math.min(0.95, truth.empty())
  const [out, into, lost] = [bytes.out(), bytes.in(), truth.lost()]
  return {
    ...like,
    technique: truth.technique,
    run,
    latencyMicros: { ...like.latencyMicros, p50: amount.p50(), p99: amount.p99() },
    clients: { ...like.clients, asked: clientsForMemory, reconnects: rare.reconnects() },
    events: { ...like.events, expected: deliveries, delivered: deliveries - lost, lost },
    responses: {
      ...like.responses,
      emptyRatio,
      perDelivery: 1 / (1 - emptyRatio),
      errors: { ...like.responses.errors, reset: rare.errors() },
    },
    bytes: {
      ...like.bytes,
      deliveries,
      toClients: out * deliveries,
      toServer: into * deliveries,
      perDelivery: out + into,
    },
    server: { ...like.server, cpuMicrosPerDelivery: amount.cpu(), rssBytesPerClient: amount.memory() },
    ceiling: { ...ceiling, requestsPerSecond: amount.ceiling() },
    ...stormOf(truth),
    ...(lost === 0 ? {} : spoiled(lost)),
  }
}

function stormOf({ template: { storm }, amount, rare }: Truth): Pick<Measurement, 'storm'> {
  if (storm == null || storm.backMicros === null) return {}
  return {
    storm: {
      ...storm,
      peakArrivalsPer100ms: amount.peak(),
      peakAfterReturnPer100ms: amount.peak(),
      // A time that never came is infinite: in some runs not all clients are back.
      backMicros: { ...storm.backMicros, p99: rare.neverBack() > 0 ? null : amount.back() },
      neverBack: rare.neverBack(),
    },
  }
}

const ceiling: Ceiling = {
  requestsPerSecond: 0,
  seconds: 2,
  connections: 8,
  request: 'GET /',
  serverCpuMicrosPerRequest: 40,
  serverUtilization: 1,
  generatorUtilization: 0.5,
  boundBy: 'server',
  method: 'as fast as it answers',
}

const steady = measurementOf({ technique: 'sse' })
const stormy = stormMeasurementOf({ technique: 'sse', clients: 20 })
const techniques = Object.keys(servers)
const envelope = resultOf([])
/** Nothing is left out, so that the family is as large as it can be. */
const everything: MetricLevels = { 'bytes.perDelivery': 'error' }

/** What is drawn for each comparison, a distribution for each metric of each series. */
export interface SelfComparisons {
  readonly count: number
  readonly seed: string
  /** Of all metrics; unless given, each draws its own. */
  readonly shape?: Shape
  /** Unless given, 1 to all 15. */
  readonly techniques?: number
  /** Unless given, 3 to 20, and of half of the comparisons another number on each side. */
  readonly runs?: number
  /** How many times as large times, bytes, CPU and memory of the head truly are; 1, the same, unless given. */
  readonly factor?: number
}

/** How often intervals of one metric were given, and how often one left out the truth. */
export interface Coverage {
  readonly printed: number
  readonly missed: number
}

/** What was found in some comparisons. */
export interface SelfTally {
  readonly comparisons: number
  /** Comparisons in which anything regressed, and in which anything changed. */
  readonly regressed: number
  readonly changed: number
  /** Changes next to an interval that contains no change. */
  readonly contradictions: number
  /** By metric: intervals, and those that leave out the truth. */
  readonly intervals: ReadonlyMap<FindingName, Coverage>
}

/** Makes them. */
export function compareWithItself(asked: SelfComparisons): SelfTally {
  const random = drawing('the same', asked.seed)
  const intervals = new Map<FindingName, { printed: number; missed: number }>(
    gateNames.map(name => [name, { printed: 0, missed: 0 }]),
  )
  let [regressed, changed, contradictions] = [0, 0, 0]
  for (let index = 0; index < asked.count; index++) {
    const { findings } = comparisonOf(random, asked)
    const called = findings.filter(({ verdict }) => verdict === 'regressed' || verdict === 'improved')
    if (called.some(({ verdict }) => verdict === 'regressed')) regressed++
    if (called.length > 0) changed++
    contradictions += called.filter(finding => !leavesOut(finding, noChange(finding))).length
    for (const finding of findings) {
      const counts = intervals.get(finding.metric)
      if (finding.interval === null || counts === undefined) continue
      counts.printed++
      if (leavesOut(finding, truthFor(finding, asked), rounding)) counts.missed++
    }
  }
  return { comparisons: asked.count, regressed, changed, contradictions, intervals }
}

function comparisonOf(random: Random, asked: SelfComparisons): Comparison {
  const between = (least: number, most: number): number => least + Math.floor(random() * (most - least + 1))
  const chosen = techniques.slice(0, asked.techniques ?? between(1, techniques.length))
  const isStorm = random() < 0.25
  const truths = chosen.map(name => truthOf(random, name, isStorm ? stormy : steady, asked.shape))
  const base = asked.runs ?? between(3, 20)
  const head = asked.runs ?? (random() < 0.5 ? base : between(3, 20))
  const measured = (runs: number, of: readonly Truth[]): Result => ({
    ...envelope,
    measurements: Array.from({ length: runs }, (_, run) => of.map(truth => runOf(truth, run + 1))).flat(),
  })
  const { factor = 1 } = asked
  const changed = factor === 1 ? truths : truths.map(truth => scaled(truth, factor))
  return compareResults(measured(base, truths), measured(head, changed), { levels: everything })
}

const noChange = ({ kind }: Finding): number => (kind === 'ratio' ? 1 : 0)

/** The true effect. A difference is known only where nothing changed. */
const truthFor = (finding: Finding, { factor = 1 }: SelfComparisons): number =>
  finding.kind === 'ratio' ? factor : 0

/** Products of a factor differ in their last digits. */
const rounding = 1e-9

const leavesOut = ({ interval }: Finding, effect: number, within = 0): boolean =>
  interval !== null && (interval.low > effect * (1 + within) || interval.high < effect * (1 - within))

/**
 * The one-sided upper 95 % bound of a share (Clopper and Pearson, 1934): the share at which `count` or fewer of `of`
 * come up 1 time in 20.
 */
export function upperBound(count: number, of: number): number {
  let [low, high] = [count / of, 1]
  while (high - low > 1e-7) {
    const share = (low + high) / 2
    if (atMost(count, of, share) > 0.05) low = share
    else high = share
  }
  return high
}

/** The chance of `count` or fewer of `of`, each with the chance `share`. */
function atMost(count: number, of: number, share: number): number {
  let logTerm = of * Math.log1p(-share)
  let sum = Math.exp(logTerm)
  for (let hits = 1; hits <= count; hits++) {
    logTerm += Math.log((of - hits + 1) / hits) + Math.log(share) - Math.log1p(-share)
    sum += Math.exp(logTerm)
  }
  return sum
}
