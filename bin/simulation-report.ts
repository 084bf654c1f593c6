/** How simulated storms are shown: tables to read, JSON for programs. */
import { formatBackoff } from '../model/backoff-text.ts'
import { formatRate } from '../model/quantity.ts'
import type { Micros } from '../model/units.ts'
import type { PlannedSimulation } from '../plan/simulation-plan.ts'
import { many, show, showPlain } from '../reports/display.ts'
import type { ReturnTimes } from '../simulation/storm-figures.ts'
import type { StormModel, StormOutcome } from '../simulation/storm-simulation.ts'
import { chanceWait, type JitterSweep } from '../simulation/storm-simulation-sweep.ts'
import { type TableRow, table } from './table.ts'

/** A storm and what came of it. */
export interface SimulatedStorm extends PlannedSimulation {
  readonly outcome: StormOutcome
}

/** The jitter windows that were tried, for the given number of clients and the given server. */
export interface TriedJitter {
  readonly clients: number
  readonly acceptPerSecond: number
  readonly sweep: JitterSweep
}

const numbersRight = (column: number) => (column === 0 ? 'left' : 'right')
/** `-` where fewer clients ever were back. */
const time = (value: Micros | null): string => (value === null ? '-' : show(value, 'µs'))
const count = (value: number): string => show(value, 'count')

/** The tables of all storms, a block for each fault. */
export function stormsText(storms: readonly SimulatedStorm[]): string {
  const byFault = Map.groupBy(storms, ({ fault }) => fault)
  const blocks = [...byFault].map(([fault, group]) =>
    [
      `${fault}, simulated: ${circumstances(group)}`,
      table(group.map(arrivalsRow), numbersRight),
      table(group.map(backRow), numbersRight),
      table(group.map(attemptsRow), numbersRight),
    ].join('\n\n'),
  )
  return [
    ...blocks,
    'peak: most attempts in a window of 100 ms after the return of the server; a dispersion of 1 is that of a Poisson process.\n' +
      't99: until 99 % of the clients were back; longest wait: of an attempt that the server had not yet taken.',
  ].join('\n\n')
}

function circumstances([first]: readonly SimulatedStorm[]): string {
  if (first === undefined) return ''
  const { model, outcome } = first
  const { clients, serverBackAt, noticeWithin, acceptPerSecond, serviceTime, roundTrip } = model
  const all = many(clients, 'client')
  const dropped = outcome.dropped === clients ? all : `${count(outcome.dropped)} of ${all}`
  return [
    `${dropped} dropped ${noticeWithin === 0 ? 'at once' : `over ${showPlain(noticeWithin, 'µs')}`}`,
    serverBackAt === 0 ? 'the server stays up' : `the server is back after ${showPlain(serverBackAt, 'µs')}`,
    ...(acceptPerSecond === null ? [] : [`it takes ${formatRate(acceptPerSecond)}`]),
    ...(serviceTime === 0 ? [] : [`each takes it ${showPlain(serviceTime, 'µs')}`]),
    ...(roundTrip === 0 ? [] : [`round trip ${showPlain(roundTrip, 'µs')}`]),
  ].join(', ')
}

const policy = ({ model }: SimulatedStorm): string => formatBackoff(model.backoff)

function arrivalsRow(storm: SimulatedStorm): TableRow {
  const { dropped, arrivals, arrivalsAfterReturn } = storm.outcome
  const { peak, mean, dispersion } = arrivalsAfterReturn
  return {
    'arrivals per 100 ms': policy(storm),
    peak: count(peak),
    'of clients': show(dropped === 0 ? null : peak / dropped, 'ratio'),
    mean: show(mean, 'count'),
    dispersion: dispersion === null ? '-' : show(dispersion, 'count'),
    'peak incl. refused': count(arrivals.peak),
  }
}

function backRow(storm: SimulatedStorm): TableRow {
  const { backSinceFault, backSinceReturn, neverBack } = storm.outcome
  return {
    'until back': policy(storm),
    ...times(backSinceFault, ''),
    ...(storm.model.serverBackAt === 0 ? {} : times(backSinceReturn, ' after return')),
    'never back': count(neverBack),
  }
}

const times = ({ t50, t90, t99, t100 }: ReturnTimes, since: string): TableRow =>
  Object.fromEntries(
    Object.entries({ t50, t90, t99, t100 }).map(([name, value]) => [`${name}${since}`, time(value)]),
  )

function attemptsRow(storm: SimulatedStorm): TableRow {
  const { attempts, refusedAttempts, timedOutAttempts, wastedPerClient, longestWait } = storm.outcome
  return {
    attempts: policy(storm),
    all: count(attempts),
    refused: count(refusedAttempts),
    'timed out': count(timedOutAttempts),
    'wasted/client': show(wastedPerClient, 'count'),
    'longest wait': show(longestWait, 'µs'),
  }
}

/** The table of the jitter windows, and the sentence that says from which one on the rule holds. */
export function sweepText(tried: TriedJitter): string {
  const rows = tried.sweep.rows.map(row => ({
    'jitter J': show(row.jitter, 'µs'),
    'J rate / n': row.capacityShare.toFixed(2),
    'peak second / rate': row.peakToRate.toFixed(2),
    'longest wait': show(row.longestWait, 'µs'),
    t99: time(row.t99),
    queue: row.bounded ? 'bounded' : 'grows',
  }))
  return [
    `uniform jitter over J, ${many(tried.clients, 'client')} dropped at once, the server takes ${formatRate(tried.acceptPerSecond)}`,
    table(rows, () => 'right'),
    ruleOf(tried),
  ].join('\n\n')
}

function ruleOf({ clients, acceptPerSecond, sweep: { found, expected } }: TriedJitter): string {
  const rule = `The rule J >= n / accept-rate asks for ${showPlain(expected, 'µs')}`
  const chance = `(no wait beyond the ${showPlain(chanceWait(clients, acceptPerSecond), 'µs')} that chance explains)`
  return found === null
    ? `${rule}; the queue grew in every window that was tried.`
    : `${rule}: the queue stayed bounded ${chance} from J = ${showPlain(found, 'µs')} on, ${(found / expected).toFixed(2)} times that.`
}

/** Everything about the storms as JSON: durations in microseconds, windows of 100 ms from the fault on. */
export function simulationJson(storms: readonly SimulatedStorm[], tried: TriedJitter | null): string {
  return `${JSON.stringify({ storms: storms.map(stormData), jitterSweep: tried && sweepData(tried) }, null, 1)}\n`
}

const stormData = ({ fault, model, outcome }: SimulatedStorm) => ({
  fault,
  backoff: formatBackoff(model.backoff),
  model: modelData(model),
  dropped: outcome.dropped,
  arrivalsPer100ms: outcome.arrivals,
  arrivalsAfterReturnPer100ms: outcome.arrivalsAfterReturn,
  backMicros: outcome.backSinceFault,
  backAfterReturnMicros: outcome.backSinceReturn,
  attempts: {
    total: outcome.attempts,
    refused: outcome.refusedAttempts,
    timeout: outcome.timedOutAttempts,
  },
  wastedPerClient: outcome.wastedPerClient,
  neverBack: outcome.neverBack,
  longestWaitMicros: outcome.longestWait,
  series: Object.fromEntries(
    Object.entries(outcome.series).map(([name, counts]: [string, Uint32Array]) => [name, [...counts]]),
  ),
})

const modelData = (model: StormModel) => ({
  clients: model.clients,
  droppedShare: model.droppedShare,
  noticeWithinMicros: model.noticeWithin,
  askedMicros: model.asked,
  serverBackMicros: model.serverBackAt,
  acceptRatePerSecond: model.acceptPerSecond,
  serviceMicros: model.serviceTime,
  attemptTimeoutMicros: model.attemptTimeout,
  roundTripMicros: model.roundTrip,
  horizonMicros: model.horizon,
  seed: model.seed,
})

const sweepData = ({ clients, acceptPerSecond, sweep: { rows, expected, found } }: TriedJitter) => ({
  clients,
  acceptRatePerSecond: acceptPerSecond,
  expectedMicros: expected,
  foundMicros: found,
  rows: rows.map(({ jitter, longestWait, t99, ...row }) => ({
    jitterMicros: jitter,
    ...row,
    longestWaitMicros: longestWait,
    t99Micros: t99,
  })),
})
