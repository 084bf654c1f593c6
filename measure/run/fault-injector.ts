/**
 * Injects a fault: carries out on the processes of a run what a fault of `faults/` asks for, notes when, and reports
 * when the storm that followed is over.
 */

import type { Clock } from '../../model/clock.ts'
import {
  dueAt,
  type FaultActions,
  type FaultCommands,
  type FaultTarget,
  type PlannedFault,
} from '../../model/fault.ts'
import {
  after,
  elapsed,
  type Instant,
  type Micros,
  micros,
  milliseconds,
  seconds,
} from '../../model/units.ts'
import type { FaultTimes } from '../derive/run-facts.ts'
import type { Command, Start } from '../messages/job.ts'
import { Alarms } from '../time/alarms.ts'
import type { Child } from './child.ts'
import type { RunProcesses } from './run-processes.ts'

/** The options of a fault injector. */
export interface FaultContext {
  readonly clock: Clock
  readonly processes: RunProcesses
  readonly planned: PlannedFault
  readonly start: Start
  readonly clients: number
}

/** The run goes on this long after every client is back, so that events confirm it. */
const settling: Micros = seconds(1)
/** How often it looks whether they are. */
const lookEvery: Micros = milliseconds(100)
/** An older report of the clients is out of date: a process that is busy with the storm reports late. */
const fresh: Micros = milliseconds(500)

export class FaultInjector implements FaultActions {
  readonly #context: FaultContext
  readonly #alarms: Alarms
  readonly #over = Promise.withResolvers<void>()
  #ended = false
  #faultAt: Instant | undefined
  #backAt: Instant | null = null
  #wholeSince: Instant | undefined

  constructor(context: FaultContext) {
    this.#context = context
    this.#alarms = new Alarms(context.clock)
  }

  /** When it happened; null when the run ended before. */
  get faultTimes(): FaultTimes | null {
    return this.#faultAt === undefined ? null : { faultAt: this.#faultAt, backAt: this.#backAt }
  }

  /**
   * Injects the fault when it is due.
   * @param recovered called once every client has been back for a second
   */
  async inject(recovered: () => void): Promise<void> {
    const { planned, start, clock } = this.#context
    const { fault, values } = planned
    const moment = after(start.window.from, dueAt(planned))
    await this.#until(moment)
    if (this.#ended) return
    this.#faultAt = fault.inject === undefined ? moment : clock()
    await fault.inject?.(this, values)
    if (fault.inject !== undefined && !this.#ended) this.#watch(recovered)
  }

  /** Ends it with the run: pending waits resolve now, and it injects nothing any more. */
  end(): void {
    this.#ended = true
    this.#alarms.clear()
    this.#over.resolve()
    this.#context.processes.abandonBoot()
  }

  wait(duration: Micros): Promise<void> {
    return this.#until(after(this.#context.clock(), duration))
  }

  now(): Instant {
    return this.#context.clock()
  }

  command<T extends FaultTarget, C extends keyof FaultCommands[T]>(
    to: T,
    type: C,
    values: FaultCommands[T][C],
  ): void {
    for (const child of this.#targets(to)) child.send({ type, ...values } as Command)
  }

  signal(to: FaultTarget, signal: 'SIGSTOP' | 'SIGCONT'): void {
    for (const child of this.#targets(to)) child.signal(signal)
  }

  returned(at: Instant): void {
    this.#backAt = at
  }

  async kill(): Promise<void> {
    await this.#context.processes.killServers()
    this.#faultAt = this.#context.clock()
  }

  async boot(delay: Micros): Promise<void> {
    this.#backAt = await this.#booted(delay)
  }

  async replace(over: Micros, retryAfter: Micros): Promise<void> {
    const { clock, processes } = this.#context
    const predecessors = [...processes.servers]
    if ((await this.#booted(micros(0))) === null) return
    this.#faultAt = clock()
    await processes.drainServers(predecessors, over, retryAfter, this.#over.promise)
  }

  #targets(to: FaultTarget): readonly Child[] {
    const { servers: server, relays: relay, clients } = this.#context.processes
    return { server, relay, client: clients.wire }[to]
  }

  /** Starts servers that listen `delay` from now. @returns since when all do; null when the run ended before */
  async #booted(delay: Micros): Promise<Instant | null> {
    if (this.#ended) return null
    const { clock, processes, start } = this.#context
    const booting = processes.bootAgain(start, clock(), delay)
    return await Promise.race([booting, this.#over.promise.then(() => null)])
  }

  #until(moment: Instant): Promise<void> {
    if (this.#ended) return Promise.resolve()
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#alarms.at(moment, () => resolve())
    return Promise.race([promise, this.#over.promise])
  }

  /**
   * Checks repeatedly whether the storm is over: all clients are connected, and for a while none has lost its
   * connection. Where a fault ends all connections, every client must have noticed, if only because its next request
   * opens another one. Where a fault ends a share of them, at least one client must have noticed.
   */
  #watch(recovered: () => void): void {
    const { clock, processes, clients, planned } = this.#context
    const model = planned.fault.model?.(planned.values)
    const least = model === undefined ? 0 : (model.droppedShare ?? 1) === 1 ? clients : 1
    let before = 0
    const look = (): void => {
      if (this.#ended) return
      const now = clock()
      const { connected, affected, at } = processes.clients.progress
      const still = connected === clients && affected >= least && affected === before
      before = affected
      if (!still || elapsed(at, now) > fresh) this.#wholeSince = undefined
      else this.#wholeSince ??= now
      if (this.#wholeSince !== undefined && elapsed(this.#wholeSince, now) >= settling) recovered()
      else this.#alarms.at(after(now, micros(lookEvery)), look)
    }
    this.#alarms.at(after(clock(), settling), look)
  }
}
