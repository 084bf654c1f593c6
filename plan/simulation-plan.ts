/** From options to the storms that are simulated. All usage errors are found here. */

import { faults } from '../faults/index.ts'
import { type AskedFault, formatFault } from '../faults/text.ts'
import { type Backoff, delayBefore } from '../model/backoff.ts'
import { formatBackoff } from '../model/backoff-text.ts'
import type { Fault } from '../model/fault.ts'
import { formatDuration, type Parsed, parseDuration } from '../model/quantity.ts'
import { defaults } from '../model/settings.ts'
import { elapsed, type Instant, instant, type Micros, micros, seconds } from '../model/units.ts'
import { UsageError } from '../model/usage-error.ts'
import { defaultAttemptTimeout } from '../model/workload.ts'
import { scenarios } from '../scenarios/index.ts'
import { baseline, type StormModel } from '../simulation/storm-simulation.ts'
import { maxCalendarClients } from '../simulation/storm-simulation-calendar.ts'
import { connectTrips } from '../simulation/storm-simulation-server.ts'
import { type ReadOptions, type RunOptions, readOptions } from './options.ts'

/** A storm to simulate. */
export interface PlannedSimulation {
  /** The fault as `--fault` reads it, without its moment, which a simulation begins with. */
  readonly fault: string
  readonly model: StormModel
}

/** The flags of a simulation alone, as texts; undefined where a flag was not given. */
export interface SimulationTexts {
  readonly serviceTime?: string | undefined
  readonly horizon?: string | undefined
}

/** Options of a run that a simulation supports; the others describe what it does not model. */
export const simulatedOptions = [
  'clients',
  'fault',
  'backoff',
  'acceptRate',
  'attemptTimeout',
  'rtt',
  'seed',
] as const satisfies readonly (keyof RunOptions)[]

/** The simulated time goes on this long after the fault is over, plus the time for which the server is busy. */
export const usualHorizon: Micros = seconds(3_600)
/** A calendar of milliseconds of this length takes 170 MB. */
const longestHorizon: Micros = seconds(12 * 3_600)
/** The widest jitter that is tried takes four times as long until its last client is in. */
const longestDrain: Micros = micros(longestHorizon / 4)
/** A core makes two to three million attempts a second: beyond this a simulation takes minutes. */
const mostAttempts = 500_000_000

/**
 * The storms that the options ask for: a list of backoffs for each fault. Without any, those of the storm suite that
 * the model covers.
 * @throws {UsageError} with one sentence
 */
export function planSimulations(given: RunOptions, texts: SimulationTexts): PlannedSimulation[] {
  const usual = readOptions({ fault: usualFaults(), backoff: [...(scenarios.storm.backoffs ?? [])] })
  const options = readOptions(given)
  const common = commonModel(options, texts)
  const backoffs = options.backoff.length > 0 ? options.backoff : usual.backoff
  const asked = options.fault.length > 0 ? options.fault : usual.fault
  return asked.flatMap(each => {
    const faulted = faultedModel(each, common, texts.horizon)
    return backoffs.map(backoff => {
      const model = { ...faulted.model, backoff }
      requireEnd(model)
      return { fault: faulted.fault, model }
    })
  })
}

/** What a fault makes of the common model. @throws {UsageError} when it is not covered, or outlasts the horizon */
function faultedModel(asked: AskedFault, common: CommonModel, horizonText: string | undefined) {
  const fault: Fault = faults[asked.name]
  const { at: _, ...given } = asked.values
  const text = formatFault({ name: asked.name, values: given })
  if (fault.model === undefined) throw new UsageError(`--fault ${text}: ${uncovered()}`)
  const values = { ...defaults(fault.settings), ...given }
  const lasts = fault.lasts(values)
  const horizon = horizonFor(common, lasts, horizonText)
  if (lasts >= horizon)
    throw new UsageError(
      `--fault ${text}: it lasts ${formatDuration(lasts)}, beyond the simulated time of ${formatDuration(micros(horizon))}: make it shorter or give a longer --horizon`,
    )
  return { fault: text, model: { ...common, ...fault.model(values), horizon } }
}

const covered = (): string[] =>
  Object.entries(faults).flatMap(([name, { model }]: [string, Fault]) => (model === undefined ? [] : [name]))

const uncovered = (): string =>
  `the simulator covers only faults that end connections: give ${covered().join(', ')}, or leave out --simulate`

/** The faults of the storm suite that the model covers. */
const usualFaults = (): string[] =>
  (scenarios.storm.faults ?? []).filter(text => covered().includes(text.split(':')[0] ?? ''))

type CommonModel = Omit<StormModel, 'backoff' | 'horizon'>

/** What all storms of a command share: the clients, the server and the network. */
function commonModel(options: ReadOptions, { serviceTime }: SimulationTexts): CommonModel {
  const { clients = scenarios.storm.workload.clients, acceptRate = null, seed } = options
  const { attemptTimeout = defaultAttemptTimeout, rtt = micros(0) } = options
  if (clients > maxCalendarClients)
    throw new UsageError(
      `--clients ${clients} is more than the simulator takes: give at most ${maxCalendarClients}`,
    )
  const trips = micros(connectTrips * rtt)
  if (attemptTimeout < trips)
    throw new UsageError(
      `--attempt-timeout ${formatDuration(attemptTimeout)} is over before an answer can come: give at least the ${formatDuration(trips)} of the round trips for a connection and a request`,
    )
  const service = serviceTime === undefined ? micros(0) : read('--service-time', parseDuration(serviceTime))
  const common = { ...baseline, clients, acceptPerSecond: acceptRate, serviceTime: service }
  if (drainOf(common) > longestDrain) {
    const pace = acceptRate === null ? '--service-time' : '--accept-rate'
    throw new UsageError(
      `${pace}: ${clients} clients would take the server longer than ${formatDuration(longestDrain)}: make it faster or give fewer --clients`,
    )
  }
  return { ...common, attemptTimeout, roundTrip: rtt, seed }
}

/** How long the server takes for all clients when it has nothing else to do. */
const drainOf = ({
  clients,
  acceptPerSecond,
  serviceTime,
}: Pick<StormModel, 'clients' | 'acceptPerSecond' | 'serviceTime'>): Micros =>
  micros(clients * Math.max(serviceTime, acceptPerSecond === null ? 0 : seconds(1) / acceptPerSecond))

/** The end of the simulated time: long enough for a server that never idles, and for what clients waste of it. */
function horizonFor(model: CommonModel, lasts: Micros, text: string | undefined): Instant {
  if (text === undefined) return instant(Math.min(longestHorizon, lasts + usualHorizon + 2 * drainOf(model)))
  const horizon = read('--horizon', parseDuration(text))
  if (horizon > 0 && horizon <= longestHorizon) return instant(horizon)
  throw new UsageError(`--horizon: "${text}" is out of range: give up to ${formatDuration(longestHorizon)}`)
}

/** Refuses a storm of more attempts than can be simulated while a user waits. */
function requireEnd(model: StormModel): void {
  const attempts = attemptsOf(model)
  if (attempts <= mostAttempts) return
  const inWords = attempts.toLocaleString('en-GB', { maximumSignificantDigits: 2 })
  throw new UsageError(
    `--backoff ${formatBackoff(model.backoff)}: clients would make about ${inWords} attempts, which takes too long to simulate: give fewer --clients, longer waits or a longer --attempt-timeout`,
  )
}

/**
 * About how many attempts a storm has. Clients that draw no random number stand for one another until the server
 * is back; the others each try all the time, and all of them do while they time out in its queue.
 */
function attemptsOf(model: StormModel): number {
  const { clients, droppedShare, backoff, asked, serverBackAt, horizon, roundTrip, attemptTimeout } = model
  const { wait, drawn } = typicalWait(backoff, asked)
  const queued = Math.min(drainOf(model), elapsed(serverBackAt, horizon)) / 2
  const refused = drawn ? serverBackAt / (wait + roundTrip) : 0
  const timedOut = queued / (wait + (attemptTimeout ?? Number.POSITIVE_INFINITY))
  return clients * droppedShare * (1 + refused + timedOut)
}

/** The wait of a client that has tried often, in the middle of its chances; and whether it ever has chances. */
function typicalWait(backoff: Backoff, asked: Micros | null): { wait: Micros; drawn: boolean } {
  let drawn = false
  const random = (): number => {
    drawn = true
    return 0.5
  }
  delayBefore(backoff, { attempt: 0, previous: null, asked }, random)
  return { wait: delayBefore(backoff, { attempt: 16, previous: backoff.cap, asked }, random), drawn }
}

function read<T>(flag: string, parsed: Parsed<T>): T {
  if ('problem' in parsed) throw new UsageError(`${flag}: ${parsed.problem}`)
  return parsed.value
}
