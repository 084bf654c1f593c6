/**
 * How much of the machine other processes took. Linux counts the time of all cores and that of each process in ticks of
 * 10 ms (proc(5)): what is neither idle nor of the run went to others.
 */
import { readdirSync } from 'node:fs'
import type { Clock } from '../../model/clock.ts'
import type { Window } from '../messages/fleet-counts.ts'
import type { RunPlan } from '../messages/run-plan.ts'
import { readText } from '../server/read-text.ts'
import { Alarms } from '../time/alarms.ts'

/** The files below /proc that a reading needs. */
export interface ProcFiles {
  /** The ids of all processes. */
  pids(): readonly number[]
  /** The text of a file; null when it cannot be read. */
  text(path: string): string | null
}

/** Ticks since the machine was booted. */
export interface CpuTicks {
  /** Of all cores, idle or not. */
  readonly all: number
  /** Of all processes, and what a hypervisor gave to other guests. Interrupts are the work of no process. */
  readonly busy: number
  /** Of the asked processes and their descendants, ended ones included. */
  readonly own: number
}

const linux: ProcFiles = {
  pids: () => readdirSync('/proc').map(Number).filter(Number.isInteger),
  text: readText,
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0)

/** The parent of a process and the ticks that it and its ended children used; null for one that is gone. */
function readProcess(pid: number, files: ProcFiles): { parent: number; ticks: number } | null {
  // The name of the command stands in brackets and may hold anything; the fields are counted from behind it.
  const fields = files.text(`/proc/${pid}/stat`)?.split(') ').at(-1)?.split(' ').map(Number)
  // utime, stime, and those of children that have ended and were waited for.
  return fields === undefined ? null : { parent: fields[1] ?? 0, ticks: sum(fields.slice(11, 15)) }
}

/** Ticks of some processes and all that descend from them, such as those of a browser. */
function treeTicks(roots: readonly number[], files: ProcFiles): number {
  const processes = new Map(
    files.pids().flatMap(pid => {
      const read = readProcess(pid, files)
      return read === null ? [] : [[pid, read] as const]
    }),
  )
  const own = new Set(roots)
  const belongs = (pid: number): boolean => {
    if (own.has(pid)) return true
    const read = processes.get(pid)
    if (read === undefined || !belongs(read.parent)) return false
    own.add(pid)
    return true
  }
  return sum([...processes].map(([pid, { ticks }]) => (belongs(pid) ? ticks : 0)))
}

/**
 * Reads the ticks of the machine, and of them those of a run. Costs some 15 µs for each process of the machine.
 * @param roots the processes that belong to the run, with their descendants
 * @returns null where the machine does not report them
 */
export function readCpuTicks(roots: readonly number[], files: ProcFiles = linux): CpuTicks | null {
  const [line = ''] = files.text('/proc/stat')?.split('\n', 1) ?? []
  const ticks = line.startsWith('cpu ') ? line.split(/\s+/).slice(1, 9).map(Number) : []
  const [user, nice, system, , , , , steal] = ticks
  if (user === undefined || nice === undefined || system === undefined || steal === undefined) return null
  // Guests are part of user and nice time.
  return { all: sum(ticks), busy: user + nice + system + steal, own: treeTicks(roots, files) }
}

/** The share of the machine's CPU time between two readings that others took, 0 to 1; null where no time passed. */
export function otherShare(before: CpuTicks, after: CpuTicks): number | null {
  const all = after.all - before.all
  const others = after.busy - before.busy - (after.own - before.own)
  return all <= 0 ? null : Math.min(1, Math.max(0, others / all))
}

/** Measures what others took of the machine in the measured window. */
export class OthersMeter {
  readonly #alarms: Alarms
  readonly #read: () => CpuTicks | null
  #opened: CpuTicks | null | undefined
  #closed: CpuTicks | null | undefined

  /** @param roots the processes that belong to the run, with their descendants */
  constructor(clock: Clock, roots: readonly number[], read = readCpuTicks) {
    this.#alarms = new Alarms(clock)
    this.#read = () => read(roots)
  }

  /** Reads at the edges of the window. Another window replaces the first, as far as that has not passed. */
  watch({ from, to }: Window): void {
    this.#alarms.clear()
    this.#alarms.at(from, () => {
      if (this.#opened === undefined) this.#opened = this.#read()
    })
    this.#alarms.at(to, () => {
      if (this.#closed === undefined) this.#closed = this.#read()
    })
  }

  /** Reads no more. */
  close(): void {
    this.#alarms.clear()
  }

  /** The share of others, 0 to 1; null where it is not known, or the window was not measured to its end. */
  get share(): number | null {
    return this.#opened && this.#closed ? otherShare(this.#opened, this.#closed) : null
  }
}

/** The meter of a run; null for a `--target` without `--pid`, whose processes would count as others. */
export function othersMeterOf({ pair }: Pick<RunPlan, 'pair'>, clock: Clock): OthersMeter | null {
  const pids = pair.foreign?.target?.pids
  return pids?.length === 0 ? null : new OthersMeter(clock, [process.pid, ...(pids ?? [])])
}
