/**
 * One run: one technique under one workload, in fresh processes. The parent only orchestrates; what is
 * measured comes from the reports of the children.
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
import type { Measurement } from '../../results/result.ts'
import { deriveMeasurement } from '../derive/measurement.ts'
import type { Failure, RunFacts } from '../derive/run-facts.ts'
import type { ClientReport, RelayReport, Report, ServerReport, Start } from '../messages/job.ts'
import type { PageReport } from '../messages/page-fleet.ts'
import { type RunPlan, settingsOf } from '../messages/run-plan.ts'
import { withLead } from '../messages/warm-up.ts'
import { measureCeiling } from './ceiling.ts'
import { type Child, ChildError } from './child.ts'
import { FaultInjector } from './fault-injector.ts'
import type { Phase, RunHooks } from './hooks.ts'
import { readListenOverflows } from './listen-overflows.ts'
import { RunProcesses, succeeded, untilDeath } from './run-processes.ts'

/** Room for the start command to reach every process before the first event is due. */
const startLead = milliseconds(100)
/** How long beyond the last instant of a run a process may take to report. */
const reportGraceMs = 10_000
/** Room for the word of a cut to reach every server before the window ends. */
const cutLead = milliseconds(50)
/** A cut run waits so long for events that are on their way. */
const cutDrain = seconds(1)
const progressMs = 200

const wholeMicros = (at: Instant): Instant => instant(Math.ceil(at))

/**
 * Measures once. Never rejects for what went wrong with the technique: that is a measurement with failures.
 * @returns null when the run was aborted before its measured window opened
 */
export async function measureOnce(asked: RunPlan, hooks: RunHooks = {}): Promise<Measurement | null> {
  const fitted = await fitToFault(asked, hooks)
  const plan = fitted && withLead(fitted)
  const facts = plan && (await runOnce(plan, hooks))
  return facts && deriveMeasurement({ ...facts, ceiling: await measureCeiling(facts, hooks) })
}

async function runOnce(plan: RunPlan, hooks: RunHooks): Promise<RunFacts | null> {
  const run = new Run(plan, hooks)
  try {
    return await run.measure()
  } finally {
    await run.close()
  }
}

/** The plan with the load and the settings that its fault needs, some of it learnt from a pilot; null when aborted. */
async function fitToFault(plan: RunPlan, hooks: RunHooks): Promise<RunPlan | null> {
  if (plan.fault === undefined) return plan
  const { pair, workload, fault: planned, ...rest } = plan
  const { fault, values, at } = planned
  const settings = { ...fault.settingsFor?.(pair, values), ...plan.settings }
  const baseline = { ...rest, pair, settings }
  const pilot =
    fault.pilot === undefined
      ? null
      : await runOnce({ ...baseline, workload: fault.pilot(workload, values, at) }, hooks)
  if (fault.pilot !== undefined && pilot === null) return null
  const rearm = pilot && deriveMeasurement(pilot).rearmMicros
  const learnt = pilot && { rearmP50: rearm && micros(rearm.p50) }
  return {
    ...baseline,
    fault: planned,
    ...(learnt && { pilot: learnt }),
    workload: fault.load?.(workload, values, at, learnt) ?? workload,
  }
}

/** How much the kernel's count has grown; null where it does not tell. */
function overflowsSince(before: number | null): number | null {
  const now = readListenOverflows()
  return before === null || now === null ? null : now - before
}

class Run {
  readonly #plan: RunPlan
  readonly #hooks: RunHooks
  readonly #settings: ReturnType<typeof settingsOf>
  readonly #clock: Clock
  readonly #processes: RunProcesses
  readonly #failures: Failure[] = []
  #start: Start | undefined
  #strike: FaultInjector | undefined
  #cut = false
  /** The kernel's count when the run began. */
  readonly #overflowsBefore = readListenOverflows()

  constructor(plan: RunPlan, hooks: RunHooks) {
    const origin = originNow()
    this.#plan = plan
    this.#hooks = hooks
    this.#settings = settingsOf(plan)
    this.#clock = clockFrom(origin)
    this.#processes = new RunProcesses(plan, origin)
  }

  async measure(): Promise<RunFacts | null> {
    const timer = setInterval(() => this.#tell(), progressMs)
    try {
      const endpoints = await this.#processes.boot()
      this.#hooks.booted?.(this.#processes.servers.flatMap(({ pid }) => pid ?? []))
      await this.#unlessAborted(
        Promise.race([this.#processes.connect(endpoints), untilDeath(this.#processes)]),
      )
      if (this.#hooks.signal?.aborted) return null
      return await this.#measureWindow()
    } catch (error) {
      if (!(error instanceof ChildError)) throw error
      if (this.#hooks.signal?.aborted) return null
      return this.#facts([], [], [], [{ code: 'boot-failed', message: error.message }])
    } finally {
      clearInterval(timer)
    }
  }

  async close(): Promise<void> {
    await this.#processes.close()
  }

  async #pageReports(): Promise<PageReport[]> {
    return await Promise.all(
      this.#processes.pages.map(async ({ fleet, child }) => {
        const [report = null] = await this.#reports<ClientReport>([child], 'shard-died')
        return { fleet, report }
      }),
    )
  }

  async #measureWindow(): Promise<RunFacts> {
    const { pair, workload } = this.#plan
    // Whole microseconds, as the stamps of events are: an event due on an edge must fall on one side of it everywhere.
    const startAt = wholeMicros(after(this.#clock(), startLead))
    const from = after(startAt, micros(workload.warmup + (workload.lead?.length ?? 0)))
    const to = after(from, workload.duration)
    const drain = micros(
      pair.client.drain(this.#settings) + longestTransit(workload.link) + workload.backendPoll,
    )
    this.#start = this.#drained({ startAt, window: { from, to } }, after(to, drain))
    this.#processes.send({ type: 'start', start: this.#start })
    const strike = this.#injectFault(this.#start, drain)

    const abort = (): void => void this.#cutShort(cutLead, cutDrain)
    this.#hooks.signal?.addEventListener('abort', abort)
    this.#watchForDeath()
    const clientReports = await this.#reports<ClientReport>(this.#processes.clientProcesses, 'shard-died')
    const pages = await this.#pageReports()
    this.#strike?.end()
    await strike
    for (const child of [...this.#processes.servers, ...this.#processes.relays])
      child.send({ type: 'finish' })
    const live = await this.#reports<ServerReport>(this.#processes.servers, 'server-died')
    const { retired } = this.#processes
    const servers = [...(live.length > 0 ? retired.map(succeeded) : retired), ...live]
    const relays = await this.#reports<RelayReport>(this.#processes.relays, 'relay-died')
    this.#hooks.signal?.removeEventListener('abort', abort)
    return this.#facts(servers, clientReports, relays, this.#failures, pages)
  }

  #facts(
    servers: ServerReport[],
    clientReports: ClientReport[],
    relays: RelayReport[],
    failures: readonly Failure[],
    pages: readonly PageReport[] = [],
  ): RunFacts {
    return {
      plan: this.#plan,
      settings: this.#settings,
      window: this.#start?.window,
      faultTimes: this.#strike?.faultTimes ?? null,
      listenOverflows: overflowsSince(this.#overflowsBefore),
      aborted: this.#hooks.signal?.aborted === true,
      servers,
      clientReports,
      pages,
      relays,
      failures,
    }
  }

  /** Lets the plan's fault happen. Resolves when it has, or could not. */
  async #injectFault(start: Start, drain: Micros): Promise<void> {
    const { fault: planned, workload } = this.#plan
    if (planned === undefined) return
    const { clients } = workload
    this.#strike = new FaultInjector({
      clock: this.#clock,
      processes: this.#processes,
      planned,
      start,
      clients,
    })
    try {
      await this.#strike.strike(() => void this.#cutShort(cutLead, drain))
      // Servers that took the place of others have to live as well.
      this.#watchForDeath()
    } catch (error) {
      if (!(error instanceof ChildError)) throw error
      this.#fail({
        code: 'server-died',
        message: `while the fault ${planned.text} was done, ${error.message}`,
      })
      void this.#cutShort(micros(0), micros(0))
    }
  }

  /** Reports of those that are alive; the others become failures. */
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

  /** A process that dies takes the meaning of everything after it with it: the window ends there. */
  #watchForDeath(): void {
    for (const [children, code, name] of [
      [this.#processes.servers, 'server-died', 'the server'],
      [this.#processes.relays, 'relay-died', 'the relay'],
      [this.#processes.clientProcesses, 'shard-died', 'a client process'],
    ] as const) {
      for (const child of children) {
        void child.ended.then(end => {
          if (this.#start === undefined || this.#cut || this.#clock() >= this.#start.window.to) return
          if (this.#processes.wasDismissed(child)) return
          const into = elapsed(this.#start.window.from, this.#clock())
          const when =
            into < 0 ? 'in the warm-up' : `${(into / 1_000_000).toFixed(1)} s into the measured window`
          this.#fail({
            code,
            message: `${name} ${end}, ${when}`,
          })
          void this.#cutShort(micros(0), micros(0))
        })
      }
    }
  }

  #fail(failure: Failure): void {
    if (!this.#failures.some(({ code }) => code === failure.code)) this.#failures.push(failure)
  }

  /**
   * Ends the window `lead` from now, and waits for `drain` after that. The servers hear of it first: where one was too
   * busy to hear in time, the window ends behind the last event that it published, so that none is counted beyond it.
   */
  async #cutShort(lead: Micros, drain: Micros): Promise<void> {
    if (this.#cut || this.#start === undefined) return
    this.#cut = true
    this.#strike?.end()
    const { startAt, window } = this.#start
    const within = (at: Instant): Instant => instant(Math.min(Math.max(at, window.from), window.to))
    const now = wholeMicros(after(this.#clock(), lead))
    const to = within(await this.#processes.halt(within(now), reportGraceMs))
    const drainUntil = after(instant(Math.max(now, to)), drain)
    this.#start = this.#drained({ startAt, window: { from: window.from, to } }, drainUntil)
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

  async #unlessAborted<T>(work: Promise<T>): Promise<T | undefined> {
    const { signal } = this.#hooks
    if (signal === undefined) return await work
    const aborted = new Promise<undefined>(resolve => {
      if (signal.aborted) resolve(undefined)
      signal.addEventListener('abort', () => resolve(undefined), { once: true })
    })
    work.catch(() => {})
    return Promise.race([work, aborted])
  }

  #tell(): void {
    const { lead } = this.#plan.workload
    this.#hooks.progress?.({
      ...(lead && { warmupReason: lead.reason }),
      phase: this.#phase(),
      connected: this.#processes.progress.connected,
      received: this.#processes.progress.received,
      remaining:
        this.#start === undefined ? null : micros(Math.max(0, elapsed(this.#clock(), this.#start.window.to))),
    })
  }

  #phase(): Phase {
    if (this.#start === undefined) return this.#processes.clientProcesses.length === 0 ? 'boot' : 'connect'
    const now = this.#clock()
    if (now < this.#start.window.from) return 'warm-up'
    return now < this.#start.window.to ? 'measure' : 'drain'
  }
}
