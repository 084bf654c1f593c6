/**
 * The registry of faults. A fault is a file: what it does to the processes of a run, its parameters, and its model where
 * there is one. `measure/run` gives it the actions that it may use and never names one.
 */
import type { Fault } from '../model/fault.ts'
import { blackhole } from './blackhole.ts'
import { deploy } from './deploy.ts'
import { drop } from './drop.ts'
import { freeze } from './freeze.ts'
import { herd } from './herd.ts'
import { holdExpiry } from './hold-expiry.ts'
import { restart } from './restart.ts'
import { stall } from './stall.ts'

export const faults = {
  herd,
  drop,
  restart,
  deploy,
  'hold-expiry': holdExpiry,
  freeze,
  blackhole,
  stall,
} satisfies Record<string, Fault>

/** The name of a fault: its file name and its name in results. */
export type FaultName = keyof typeof faults
