/** The arrivals of a storm, measured: which windows they are counted in, and over which of them each figure is. */

import { dueAt, type PlannedFault } from '../../model/fault.ts'
import { micros } from '../../model/units.ts'
import type { Storm } from '../../results/result.ts'
import {
  meetsFrom,
  stormGrain,
  stormWindow,
  windowAt,
  windowFigures,
} from '../../simulation/storm-figures.ts'
import type { GrainCount, ReconnectCounts } from '../messages/fleet-counts.ts'
import type { ServerReport } from '../messages/report.ts'
import type { RunFacts } from './run-facts.ts'
import { type MeasuredCourse, noticing } from './storm-model.ts'
import { Windows } from './storm-windows.ts'

type ArrivalFigures = Pick<
  Storm,
  'arrivals' | 'peakArrivalsPer100ms' | 'peakAfterReturnPer100ms' | 'meanArrivalsPer100ms' | 'dispersion'
>

/**
 * @param recoveredAt when the last client was back
 * @param end of the run, where the peak after the return ends
 */
export function arrivalFigures(
  { plan, servers, clientReports }: RunFacts,
  planned: PlannedFault,
  { faultAt, serverBackAt, noticed }: MeasuredCourse,
  recoveredAt: number,
  end: number,
): ArrivalFigures {
  const ofConnections = planned.fault.storms !== 'requests'
  // Windows begin when clients begin to notice: a policy without jitter moves that moment, and its wave falls into one.
  const zero = ofConnections ? grainAt(faultAt + noticing(noticed).first) : dueAt(planned)
  const attempts = clientReports.map(({ counts }) => counts.storm.arrivals)
  const arrivals = ofConnections ? Windows.ofGrains(attempts, zero) : arrivalsOf(servers, 'requests')
  const whole = windowFigures(arrivals.between(firstAfter(faultAt, zero), recoveredAt))
  const roundTrip = plan.workload.link?.rtt ?? micros(0)
  const listening = Math.max(zero, serverBackAt === null ? zero : grainAt(meetsFrom(serverBackAt, roundTrip)))
  const met = ofConnections
    ? metAttempts(
        clientReports.map(({ counts }) => counts.storm),
        zero,
        listening,
      )
    : null
  return {
    arrivals: arrivals.list(),
    peakArrivalsPer100ms: whole.peak,
    peakAfterReturnPer100ms: windowFigures((met?.windows ?? arrivals).between(met?.from ?? listening, end))
      .peak,
    meanArrivalsPer100ms: whole.mean,
    dispersion: whole.dispersion,
  }
}

/**
 * The attempts that met the returned server. A busy client process takes long from the beginning of an attempt to its
 * connection, so one that was under way at the return counts too: it began before and succeeded. One that was refused
 * before the return does not count.
 * @param from attempts that began earlier are not part of the storm
 * @param listening every attempt from here on meets the server
 */
function metAttempts(
  processes: readonly ReconnectCounts[],
  from: number,
  listening: number,
): { readonly windows: Windows; readonly from: number } {
  const under = ([grain]: GrainCount): boolean => grain * stormGrain >= from && grain * stormGrain < listening
  const met = processes.map(({ arrivals, successes }) => [
    ...successes.filter(under),
    ...arrivals.filter(([grain]) => grain * stormGrain >= listening),
  ])
  const first = met.flat().reduce((least, [grain]) => Math.min(least, grain * stormGrain), listening)
  return { windows: Windows.ofGrains(met, first), from: first }
}

/** Connections or requests that the servers counted, in their windows. */
export function arrivalsOf(servers: readonly ServerReport[], key: 'accepted' | 'requests'): Windows {
  const arrivals = servers.flatMap(server => server.arrivals)
  const windows = new Windows(arrivals[0]?.at)
  for (const { at, [key]: count } of arrivals) windows.add(at, count)
  return windows
}

/** The start of the grain that an instant is in: attempts are counted in whole ones. */
const grainAt = (at: number): number => Math.floor(at / stormGrain) * stormGrain

/** The start of the first window that lies wholly after the fault; one of the windows begins at `zero`. */
const firstAfter = (faultAt: number, zero: number): number =>
  zero - Math.max(0, windowAt(zero, faultAt)) * stormWindow
