/** The plan of a run, which orchestration, derivation and warnings all read. */

import type { Pilot, PlannedFault } from '../../model/fault.ts'
import type { SettingValue } from '../../model/settings.ts'
import { defaults } from '../../model/settings.ts'
import type { Subject } from '../../model/subject.ts'
import type { Micros } from '../../model/units.ts'
import type { Layout, Workload } from '../../model/workload.ts'
import type { PageFleet } from './page-fleet.ts'

/** Everything that one run needs to know. */
export interface RunPlan {
  readonly pair: Subject
  /** Values that differ from the settings' defaults. */
  readonly settings: Readonly<Record<string, SettingValue>>
  readonly scenario: string
  readonly workload: Workload
  readonly layout: Layout
  /** Clients that run the page's own code, next to the wire clients; absent without page clients. */
  readonly pages?: readonly PageFleet[]
  /** The fault to inject; absent for a run without one. */
  readonly fault?: PlannedFault
  /** What a pilot of the run measured for its fault. */
  readonly pilot?: Pilot
  /** Repetition, from 1, of `runs`. */
  readonly run: number
  readonly runs: number
  /** Cores that the processes of the run share. */
  readonly cores: number
  /** How long a request-shaped server is driven as fast as it answers once the run is over; 0 leaves it out. */
  readonly ceiling: Micros
}

/** The values of both adapters' settings: defaults, then the plan's own. */
export function settingsOf({
  pair,
  settings,
}: Pick<RunPlan, 'pair' | 'settings'>): Record<string, SettingValue> {
  return { ...defaults(pair.server.settings), ...defaults(pair.client.settings), ...settings }
}

/** The shared settings of a foreign server whose values are unknown: neither the server nor the plan gives them. */
const unknownSettings = ({ pair, settings }: Pick<RunPlan, 'pair' | 'settings'>): string[] =>
  (pair.foreign?.unknown ?? []).filter(name => !(name in settings))

/** The values of {@link settingsOf} that hold for what is measured, for the result. */
export function knownSettings(plan: RunPlan, values: RunPlan['settings']): RunPlan['settings'] {
  const unknown = unknownSettings(plan)
  return Object.fromEntries(Object.entries(values).filter(([name]) => !unknown.includes(name)))
}

/** Whether clients may treat silence as a loss: not where the server's heartbeat or hold is unknown. */
export const silenceMeansLoss = (plan: Pick<RunPlan, 'pair' | 'settings'>): boolean =>
  unknownSettings(plan).length === 0
