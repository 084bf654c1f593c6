/** The registry of commands, in the order in which `--help` shows them. */
import type { Command } from '../command.ts'
import { ab } from './ab.ts'
import { calibrate } from './calibrate.ts'
import { compare } from './compare.ts'
import { doctor } from './doctor.ts'
import { list } from './list.ts'
import { report } from './report.ts'
import { run } from './run.ts'
import { serve } from './serve.ts'
import { storm } from './storm.ts'
import { trend } from './trend.ts'
import { verify } from './verify.ts'

/** Every command. */
export const commands: readonly Command[] = [
  run,
  storm,
  compare,
  ab,
  calibrate,
  trend,
  list,
  report,
  serve,
  verify,
  doctor,
]

/** The word that names a command on the command line. */
export const commandName = ({ usage }: Command): string => usage.split(' ')[0] ?? ''
