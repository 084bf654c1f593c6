/** The registry of faults. */
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
