/**
 * One run: one technique under one workload, in fresh processes. The parent only orchestrates: it starts processes,
 * fixes the instants, injects the fault and collects reports. What a run measured is derived from its facts.
 */
import { type Clock, clockFrom, originNow } from '../../model/clock.ts'
import { longestTransit, releaseTime } from '../../model/link.ts'
import {
  after,
  elapsed,
  type Instant,
  instant,
  type Micros,
  micros,
  milliseconds,
  seconds,
  toMilliseconds,
} from '../../model/units.ts'
import type { Failure, RunFacts } from '../derive/run-facts.ts'
import type { Start } from '../messages/job.ts'
import type { ClientReport, RelayReport, Report, ServerReport } from '../messages/report.ts'
import { type RunPlan, settingsOf } from '../messages/run-plan.ts'
import { type Child, ChildError } from './child.ts'
import { FaultInjector } from './fault-injector.ts'
import { type RunHooks, unlessAborted } from './hooks.ts'
import { listenOverflowsSince, readListenOverflows } from './listen-overflows.ts'
import { type OthersMeter, othersMeterOf } from './machine-cpu.ts'
import { progressOf } from './progress.ts'
import { RunProcesses, succeeded, untilDeath } from './run-processes.ts'
import { handLog } from './server-logs.ts'

/** Room for the start command to reach every process before the first event is due. */
export const startLead = milliseconds(100)
/** How long beyond the last instant of a run a process may take to report. */
const reportGraceMs = 10_000
/** Room for the command to cut the run short to reach every server before the window ends. */
const cutLead = milliseconds(50)
/** A run that is cut short waits this long for events that are on their way. */
const cutDrain = seconds(1)
const progressMs = 200

const noReports = { servers: [], clientReports: [], relays: [], pages: [] }
const wholeMicros = (at: Instant): Instant => instant(Math.ceil(at))

export class SingleRun {
  readonly #plan: RunPlan
  readonly #hooks: RunHooks
  readonly #settings: ReturnType<typeof settingsOf>
  readonly #clock: Clock
  readonly #processes: RunProcesses
  readonly #failures: Failure[] = []
  #start: Start | undefined
  #injector: FaultInjector | undefined
  #cut = false
  /** Null where it is not known which processes are of the run. */
  readonly #others: OthersMeter | null
  /** The kernel's count when the run began. */
  readonly #overflowsBefore = readListenOverflows()

  constructor(plan: RunPlan, hooks: RunHooks) {
    const origin = originNow()
    this.#plan = plan
    this.#hooks = hooks
    this.#settings = settingsOf(plan)
    this.#clock = clockFrom(origin)
    this.#processes = new RunProcesses(plan, origin)
    this.#others = othersMeterOf(plan, this.#clock)
  }

  async measure(): Promise<RunFacts | null> {
    const timer = setInterval(() => this.#reportProgress(), progressMs)
    try {
      const endpoints = await this.#processes.boot()
      this.#hooks.booted?.(this.#processes.servers.flatMap(({ pid }) => pid ?? []))
      const connecting = this.#processes.clients.connect(endpoints)
      await unlessAborted(Promise.race([connecting, untilDeath(this.#processes)]), this.#hooks.signal)
      if (this.#hooks.signal?.aborted) return null
      return await this.#measureWindow()
    } catch (error) {
      if (!(error instanceof ChildError)) throw error
      if (this.#hooks.signal?.aborted) return null
      return this.#facts(noReports, [{ code: 'boot-failed', message: error.message }])
    } finally {
      clearInterval(timer)
      this.#others?.close()
    }
  }

  async close(): Promise<void> {
    await this.#processes.close()
    for (const [index, child] of this.#processes.everyServer.entries())
      handLog(this.#plan, index === 0 ? 'server' : `server ${index + 1}`, child, this.#hooks)
  }

  /** Null where a signal came in the warm-up: nothing was measured, and nobody waits for the window to open. */
  async #measureWindow(): Promise<RunFacts | null> {
    const { pair, workload } = this.#plan
    const drain = micros(
      pair.client.drain(this.#settings) + longestTransit(workload.link) + workload.backendPoll,
    )
    const start = this.#instants(drain)
    this.#start = start
    this.#processes.send({ type: 'start', start })
    this.#others?.watch(start.window)
    const injecting = this.#injectFault(start, drain)
    const unopened = Promise.withResolvers<null>()
    const abort = (): void => {
      if (this.#clock() >= start.window.from) return void this.#cutShort(cutLead, cutDrain)
      this.#cut = true
      this.#injector?.end()
      unopened.resolve(null)
    }
    this.#hooks.signal?.addEventListener('abort', abort)
    this.#watchForDeath()
    try {
      return await Promise.race([this.#collect(injecting), unopened.promise])
    } finally {
      this.#hooks.signal?.removeEventListener('abort', abort)
    }
  }

  /** Whole microseconds, as the stamps of events: an event due on an edge must fall on one side of it everywhere. */
  #instants(drain: Micros): Start {
    const { warmup, lead, duration } = this.#plan.workload
    const startAt = wholeMicros(after(this.#clock(), startLead))
    const from = after(startAt, micros(warmup + (lead?.length ?? 0)))
    const to = after(from, duration)
    return this.#drained({ startAt, window: { from, to } }, after(to, drain))
  }

  /** Waits for the reports of all processes: clients first, since servers and relays go on until these have ended. */
  async #collect(injecting: Promise<void>): Promise<RunFacts> {
    const { clients, servers, relays, retired } = this.#processes
    const clientReports = await this.#reports<ClientReport>(clients.wire, 'shard-died')
    const pages = await Promise.all(
      clients.pages.map(async ({ fleet, child }) => {
        const [report = null] = await this.#reports<ClientReport>([child], 'shard-died')
        return { fleet, report }
      }),
    )
    this.#injector?.end()
    await injecting
    for (const child of [...servers, ...relays]) child.send({ type: 'finish' })
    const live = await this.#reports<ServerReport>(servers, 'server-died')
    const reports = {
      servers: [...(live.length > 0 ? retired.map(succeeded) : retired), ...live],
      clientReports,
      relays: await this.#reports<RelayReport>(relays, 'relay-died'),
      pages,
    }
    return this.#facts(reports, this.#failures)
  }

  #facts(
    reports: Pick<RunFacts, 'servers' | 'clientReports' | 'relays' | 'pages'>,
    failures: readonly Failure[],
  ): RunFacts {
    return {
      ...reports,
      plan: this.#plan,
      settings: this.#settings,
      window: this.#start?.window,
      faultTimes: this.#injector?.faultTimes ?? null,
      listenOverflows: listenOverflowsSince(this.#overflowsBefore),
      otherCpuShare: this.#others?.share ?? null,
      aborted: this.#hooks.signal?.aborted === true,
      failures,
    }
  }

  /** Injects the plan's fault. Resolves when it has happened, or could not. */
  async #injectFault(start: Start, drain: Micros): Promise<void> {
    const { fault: planned, workload } = this.#plan
    if (planned === undefined) return
    const [clock, processes, clients] = [this.#clock, this.#processes, workload.clients]
    this.#injector = new FaultInjector({ clock, processes, planned, start, clients })
    try {
      await this.#injector.inject(() => void this.#cutShort(cutLead, drain))
      // Servers that replaced others must stay alive as well.
      this.#watchForDeath()
    } catch (error) {
      if (!(error instanceof ChildError)) throw error
      this.#endBy({ code: 'server-died', message: `during the fault ${planned.text}, ${error.message}` })
    }
  }

  /** Reports of the processes that are alive; the others become failures. */
  async #reports<R extends Report>(children: readonly Child[], code: Failure['code']): Promise<R[]> {
    const reports = await Promise.all(
      children.map(async child => {
        try {
          return (await child.next('report', this.#reportTimeoutMs())).report as R
        } catch (error) {
          if (!(error instanceof ChildError)) throw error
          this.#fail({ code, message: error.message })
          return null
        }
      }),
    )
    return reports.filter(report => report !== null)
  }

  /** Figures after the death of a process mean nothing: the window ends there. */
  #watchForDeath(): void {
    const { servers, relays, clients } = this.#processes
    for (const [children, code, name] of [
      [servers, 'server-died', 'the server'],
      [relays, 'relay-died', 'the relay'],
      [clients.wire, 'shard-died', 'a client process'],
    ] as const) {
      for (const child of children) {
        void child.ended.then(end => this.#onDeath(child, code, `${name} ${end}`))
      }
    }
  }

  #onDeath(child: Child, code: Failure['code'], what: string): void {
    if (this.#start === undefined || this.#cut || this.#clock() >= this.#start.window.to) return
    if (this.#processes.wasDismissed(child)) return
    const into = elapsed(this.#start.window.from, this.#clock())
    const when = into < 0 ? 'in the warm-up' : `${(into / 1_000_000).toFixed(1)} s into the measured window`
    this.#endBy({ code, message: `${what}, ${when}${child.lastWords}` })
  }

  /** Ends the run at once, for a failure. */
  #endBy(failure: Failure): void {
    this.#fail(failure)
    void this.#cutShort(micros(0), micros(0))
  }

  #fail(failure: Failure): void {
    if (!this.#failures.some(({ code }) => code === failure.code)) this.#failures.push(failure)
  }

  /**
   * Ends the window `lead` from now, and waits for `drain` after that. The servers get the message first: where one was
   * too busy to read it in time, the window ends behind the last event that it published, so that none is counted
   * beyond it. In the warm-up the window never opens: it is empty, and nobody waits for it.
   */
  async #cutShort(lead: Micros, drain: Micros): Promise<void> {
    if (this.#cut || this.#start === undefined) return
    this.#cut = true
    this.#injector?.end()
    const { startAt, window } = this.#start
    const unopened = this.#clock() < window.from
    const earliest = unopened ? startAt : window.from
    const within = (at: Instant): Instant => instant(Math.min(Math.max(at, earliest), window.to))
    const now = wholeMicros(after(this.#clock(), lead))
    const to = within(await this.#processes.halt(within(now), reportGraceMs))
    const drainUntil = after(instant(Math.max(now, to)), drain)
    this.#start = this.#drained({ startAt, window: { from: unopened ? to : window.from, to } }, drainUntil)
    this.#others?.watch(this.#start.window)
    this.#processes.send({ type: 'cut', start: this.#start })
  }

  /** The instants of a run that drains until then. */
  #drained(start: Omit<Start, 'drainUntil' | 'heldUntil'>, drainUntil: Instant): Start {
    const release = releaseTime(this.#plan.workload.link)
    return { ...start, drainUntil, ...(release !== null && { heldUntil: after(drainUntil, release) }) }
  }

  #reportTimeoutMs(): number {
    const until = this.#start?.heldUntil ?? this.#start?.drainUntil ?? this.#clock()
    return Math.max(0, toMilliseconds(elapsed(this.#clock(), until))) + reportGraceMs
  }

  #reportProgress(): void {
    this.#hooks.progress?.(progressOf(this.#plan, this.#start, this.#clock(), this.#processes.clients))
  }
}
