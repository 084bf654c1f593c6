/**
 * Runs of techniques whose waits are known, drawn without a server or a clock: what a median of them is worth can be
 * held against many more draws than a benchmark could make. All times in microseconds.
 */
import { exponential, type Random } from '../../model/random.ts'
import type { Micros } from '../../model/units.ts'
import { Histogram } from '../../results/histogram.ts'
import type { Measurement } from '../../results/result.ts'
import { measurementOf } from '../reports/fixture.ts'

const measurement = measurementOf({ technique: 'polling' })

/** What one run drew: every latency, and how many responses carried them. */
interface Drawn {
  readonly latencies: readonly number[]
  readonly answered: number
  readonly published: number
}

/** A way to wait, with the words that a result has for it. */
export interface Wait {
  readonly name: string
  readonly arrivals: 'poisson' | 'periodic'
  /** The hold of its closed form, in microseconds; null where it has no form. */
  readonly holdMicros: number | null
  readonly draw: (random: Random) => Drawn
  /** What its result says of the load, where that differs from the others. */
  readonly clients?: number
  readonly workload?: Partial<Measurement['workload']>
  readonly settings?: Measurement['settings']
}

const second = 1_000_000
const window = 6 * second
const perSecond = 2

/** The instants of the events of one stream. */
function poisson(random: Random): number[] {
  const instants: number[] = []
  for (let at = exponential(random, second / perSecond); at < window; ) {
    instants.push(at)
    at += exponential(random, second / perSecond)
  }
  return instants
}

const periodic = (random: Random): number[] => {
  const first = random() * second
  return Array.from({ length: 6 }, (_, index) => first + index * second)
}

/** The next request of one client after each event of its stream. */
type Asks = (random: Random, events: readonly number[]) => readonly number[]

/** Clients that ask by themselves: each event waits for the next request of its own client. */
const asking =
  (streams: number, receivers: number, schedule: (random: Random) => number[], asks: Asks): Wait['draw'] =>
  random => {
    const latencies: number[] = []
    let [answered, published] = [0, 0]
    for (let stream = 0; stream < streams; stream++) {
      const events = schedule(random)
      published += events.length
      for (let client = 0; client < receivers; client++) {
        const met = asks(random, events)
        answered += new Set(met).size
        latencies.push(...met.map((at, index) => at - (events[index] ?? 0)))
      }
    }
    return { latencies, answered, published }
  }

const timer =
  (interval: number): Asks =>
  (random, events) => {
    const phase = random() * interval
    return events.map(at => phase + Math.ceil((at - phase) / interval) * interval)
  }

/** Actions of a user; they began long before the first event, so that the first pause is no shorter than others. */
const actions =
  (mean: number): Asks =>
  (random, events) => {
    let next = exponential(random, mean)
    return events.map(at => {
      while (next < at) next += exponential(random, mean)
      return next
    })
  }

/** An event is sent at once to all its receivers: they share its delay, and each adds a little. */
const pushed: Wait['draw'] = random => {
  const latencies: number[] = []
  let published = 0
  for (let stream = 0; stream < 20; stream++) {
    for (const _ of poisson(random)) {
      published++
      const delay = exponential(random, 1_000)
      for (let client = 0; client < 5; client++) latencies.push(500 + delay + exponential(random, 100))
    }
  }
  return { latencies, answered: 0, published }
}

/** A held request: an event is sent at once, or waits out a pause that the event before it began for all receivers. */
const held: Wait['draw'] = random => {
  const pause = 0.8 * second
  const latencies: number[] = []
  let [answered, published] = [0, 0]
  for (let stream = 0; stream < 40; stream++) {
    let armed = 0
    for (const at of poisson(random)) {
      published++
      const wait = Math.max(0, armed - at)
      if (wait === 0) armed = at + pause
      for (let client = 0; client < 5; client++) latencies.push(1_000 + wait + exponential(random, 100))
      answered += 5
    }
  }
  return { latencies, answered, published }
}

/**
 * Periodic events that wait for the next poll of a backend, at whose phase each stream stays; then they are sent at
 * once. @param poll its interval @param streams each with a phase of its own
 */
const polledBackend = (poll: number, streams: number, count = 6): Wait => ({
  name: `${streams} streams and a backend polled every ${poll / 1_000} ms`,
  arrivals: 'periodic',
  holdMicros: null,
  clients: 20,
  workload: {
    audience: streams === 1 ? 'broadcast' : `rooms:${streams}`,
    ratePerSecond: 1,
    backendPollMicros: poll,
  },
  draw: random => {
    const psi = random() * poll
    const latencies: number[] = []
    for (let stream = 0; stream < streams; stream++) {
      const first = random() * second
      for (let event = 0; event < count; event++) {
        const at = first + event * second
        const wait = psi + Math.ceil((at - psi) / poll) * poll - at
        for (let client = 0; client < 20 / streams; client++)
          latencies.push(500 + wait + exponential(random, 100))
      }
    }
    return { latencies, answered: 0, published: streams * count }
  },
})

/** So few clients on a timer that their samples show little of its interval. */
const fewOnTimer = (clients: number): Wait => ({
  name: `${clients} clients on a timer as long as the period of the events`,
  arrivals: 'periodic',
  holdMicros: 0,
  clients,
  settings: { intervalMicros: second },
  draw: asking(1, clients, periodic, timer(second)),
})

/** Each way to wait, from the one whose samples are nearly independent to the one that meets every event alike. */
export const waits: readonly Wait[] = [
  {
    name: 'a timer in rooms',
    arrivals: 'poisson',
    holdMicros: 0,
    draw: asking(40, 5, poisson, timer(second)),
  },
  {
    name: 'a timer and one stream for all',
    arrivals: 'poisson',
    holdMicros: 0,
    draw: asking(1, 200, poisson, timer(second)),
  },
  {
    name: 'a timer as long as the period of the events',
    arrivals: 'periodic',
    holdMicros: 0,
    draw: asking(40, 5, periodic, timer(second)),
  },
  {
    name: 'actions of users with a stream each',
    arrivals: 'poisson',
    holdMicros: null,
    draw: asking(200, 1, poisson, actions(2 * second)),
  },
  { name: 'a held request', arrivals: 'poisson', holdMicros: 20 * second, draw: held },
  { name: 'a stream', arrivals: 'poisson', holdMicros: null, draw: pushed },
  polledBackend(0.5 * second, 1),
  polledBackend(0.5 * second, 2),
  polledBackend(0.5 * second, 20),
  polledBackend(second, 1),
  // Nearly locked, spread over half, some and all of the interval, and several events in each poll.
  polledBackend(0.499 * second, 1),
  polledBackend(0.52 * second, 1, 20),
  polledBackend(0.4 * second, 1),
  polledBackend(0.618 * second, 1, 60),
  polledBackend(5 * second, 1, 30),
  fewOnTimer(1),
  fewOnTimer(3),
]

/** One run as a result has it. @param later added to every latency, in microseconds */
export function runOf(wait: Wait, random: Random, later = 0): Measurement {
  const { latencies, answered, published } = wait.draw(random)
  const histogram = new Histogram()
  for (const latency of latencies) histogram.record((latency + later) as Micros)
  const latency = histogram.summary()
  if (latency === null) throw new Error('a run without events')
  const { clients = 200, settings = {}, workload } = wait
  const predicts = wait.name !== 'a stream' && workload === undefined
  return {
    ...measurement,
    settings,
    workload: { ...measurement.workload, clients, arrivals: wait.arrivals, ...workload },
    clients: { ...measurement.clients, asked: clients },
    latencyMicros: latency,
    serviceMicros: latency,
    fleet: { ...measurement.fleet, loopDelayP99Micros: 0 },
    events: { ...measurement.events, published },
    responses: { ...measurement.responses, total: answered * 2, empty: answered },
    predicted: predicts
      ? {
          formula: wait.name,
          gapMicros: null,
          holdMicros: wait.holdMicros,
          waitMeanMicros: second / 2,
          emptyRatio: null,
          responsesPerEvent: null,
          heartbeatRatio: null,
          deliveredShare: null,
        }
      : null,
  }
}
