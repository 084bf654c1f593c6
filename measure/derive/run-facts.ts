/** The facts of a finished run, from which its measurement is derived. */
import type { SettingValue } from '../../model/settings.ts'
import type { Instant } from '../../model/units.ts'
import type { WarningCode } from '../../results/result.ts'
import type { Window } from '../messages/fleet-counts.ts'
import type { PageReport } from '../messages/page-fleet.ts'
import type { ClientReport, RelayReport, ServerReport } from '../messages/report.ts'
import type { RunPlan } from '../messages/run-plan.ts'
import type { CeilingOutcome } from './ceiling.ts'

/** When a fault happened. */
export interface FaultTimes {
  readonly faultAt: Instant
  /** When connections could be made and used again; null where they always could. */
  readonly backAt: Instant | null
}

/** Something that makes a run invalid. */
export interface Failure {
  readonly code: WarningCode
  readonly message: string
}

/** What a measurement is derived from. */
export interface RunFacts {
  readonly plan: RunPlan
  readonly settings: Readonly<Record<string, SettingValue>>
  /** The measured window as it was in the end; undefined when it never opened. */
  readonly window: Window | undefined
  /** When the plan's fault happened; null or absent when none did. */
  readonly faultTimes?: FaultTimes | null
  /** Connections that the kernel dropped because a listen queue was full; null where they are not known. */
  readonly listenOverflows?: number | null
  /** Share of the machine's CPU time in the window that other processes took, 0 to 1; null where it is not known. */
  readonly otherCpuShare?: number | null
  readonly aborted: boolean
  readonly servers: readonly ServerReport[]
  readonly clientReports: readonly ClientReport[]
  /** Absent without page clients. */
  readonly pages?: readonly PageReport[]
  /** Empty without a link. */
  readonly relays: readonly RelayReport[]
  readonly failures: readonly Failure[]
  /** Outcome of the ceiling measurement after the run; null or absent where there was none. */
  readonly ceiling?: CeilingOutcome | null
}

/** Clients that had been connected when the window opened, be they between two streams at that moment. */
export const everConnected = ({ clientReports }: Pick<RunFacts, 'clientReports'>): number =>
  clientReports.reduce((sum, { counts }) => sum + counts.everConnected, 0)

/** Events of the window that the server under test did not take. */
export const unpublishedEvents = ({ servers }: Pick<RunFacts, 'servers'>): number =>
  servers.reduce((sum, { unpublished }) => sum + (unpublished?.count ?? 0), 0)
