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
  const windowsFrom = (from: number): Windows =>
    ofConnections ? Windows.ofGrains(attempts, from) : arrivalsOf(servers, 'requests')
  const arrivals = windowsFrom(zero)
  const whole = windowFigures(arrivals.between(firstAfter(faultAt, zero), recoveredAt))
  // Attempts that were refused before the return are in other windows than those that met the server.
  const roundTrip = plan.workload.link?.rtt ?? micros(0)
  const meeting = Math.max(zero, serverBackAt === null ? zero : grainAt(meetsFrom(serverBackAt, roundTrip)))
  return {
    arrivals: arrivals.list(),
    peakArrivalsPer100ms: whole.peak,
    peakAfterReturnPer100ms: windowFigures(windowsFrom(meeting).between(meeting, end)).peak,
    meanArrivalsPer100ms: whole.mean,
    dispersion: whole.dispersion,
  }
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
