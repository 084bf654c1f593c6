/**
 * One run: one technique under one workload, in fresh processes. The parent only orchestrates; what is
 * measured comes from the reports of the children.
 */
import { formatAudience, streamsOf } from './audience.ts'
import { withCeiling } from './ceiling.ts'
import { Child, ChildError } from './child.ts'
import { clockFrom, originNow } from './clock.ts'
import type { Endpoint, RelayReport, Report, ServerReport, ShardJob, ShardReport, Start } from './job.ts'
import type { PageFleet, PageReport } from './kinds.ts'
import { longestTransit } from './link.ts'
import { deriveMeasurement, type Failure } from './measurement.ts'
import type { Measurement } from './result.ts'
import { defaults } from './settings.ts'
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
} from './units.ts'
import { clientRanges, type Layout, type Pair, ranges, scheduleOf, type Workload } from './workload.ts'

/** Everything that one run needs to know. */
export interface RunPlan {
  readonly pair: Pair
  /** Values that differ from the settings' defaults. */
  readonly settings: Readonly<Record<string, string | number | boolean>>
  readonly scenario: string
  readonly workload: Workload
  readonly layout: Layout
  /** Clients that run the page's own code, beside the wire clients; absent for none. */
  readonly pages?: readonly PageFleet[]
  /** Repetition, from 1, of `runs`. */
  readonly run: number
  readonly runs: number
  /** Cores that the processes of the run share. */
  readonly cores: number
  /** How long a request-shaped server is driven as fast as it answers once the run is over; 0 leaves it out. */
  readonly ceiling: Micros
}

/** Where a run stands. */
export type Phase = 'boot' | 'connect' | 'warm-up' | 'measure' | 'drain' | 'ceiling'

/** A sign of life, several times a second. */
export interface Progress {
  readonly phase: Phase
  readonly connected: number
  readonly received: number
  /** Until the end of the measured window; null before its length is fixed. */
  readonly remaining: Micros | null
}

/** How the caller watches a run and cuts it short. */
export interface RunHooks {
  progress?(progress: Progress): void
  /** Called with the server's process ids once they listen; for tests that stop or kill one. */
  booted?(pids: readonly number[]): void
  /** Cuts the run short: the measured window ends at once and what was measured is derived. */
  readonly signal?: AbortSignal
}

const bootTimeoutMs = 15_000
/** Room for the start command to reach every process before the first event is due. */
const startLead = milliseconds(100)
/** How long beyond the last instant of a run a process may take to report. */
const reportGraceMs = 10_000
/** Room for the word of a cut to reach every process before the window ends. */
const cutLead = milliseconds(50)
/** A cut run waits so long for events that are on their way. */
const cutDrain = seconds(1)
const progressMs = 200
/** No attempt that can come about takes so long over loopback. */
const rampPatience = seconds(5)

const wholeMicros = (at: Instant): Instant => instant(Math.ceil(at))

/** The values of both halves' settings: defaults, then the plan's own. */
export function settingsOf({
  pair,
  settings,
}: Pick<RunPlan, 'pair' | 'settings'>): Record<string, string | number | boolean> {
  return { ...defaults(pair.server.settings), ...defaults(pair.client.settings), ...settings }
}

/**
 * Measures once. Never rejects for what went wrong with the technique: that is a measurement with failures.
 * @returns null when the run was aborted before its measured window opened
 */
export async function measureOnce(plan: RunPlan, hooks: RunHooks = {}): Promise<Measurement | null> {
  const run = new Run(plan, hooks)
  let measurement: Measurement | null
  try {
    measurement = await run.measure()
  } finally {
    await run.close()
  }
  return measurement && (await withCeiling(measurement, plan, settingsOf(plan), hooks))
}

class Run {
  readonly #plan: RunPlan
  readonly #hooks: RunHooks
  readonly #settings: Record<string, string | number | boolean>
  readonly #origin = originNow()
  readonly #clock = clockFrom(this.#origin)
  readonly #servers: Child[] = []
  readonly #relays: Child[] = []
  readonly #shards: Child[] = []
  readonly #pages: { readonly fleet: PageFleet; readonly child: Child }[] = []
  readonly #failures: Failure[] = []
  readonly #counts: { connected: number; received: number }[] = []
  #start: Start | undefined
  #cut = false

  constructor(plan: RunPlan, hooks: RunHooks) {
    this.#plan = plan
    this.#hooks = hooks
    this.#settings = settingsOf(plan)
  }

  async measure(): Promise<Measurement | null> {
    const timer = setInterval(() => this.#tell(), progressMs)
    try {
      const endpoints = await this.#bootRelays(await this.#bootServers())
      // On both sides of the wire clients: a loop over all reaches those last that connected last.
      await this.#connectPages('dom', endpoints)
      await this.#connectShards(endpoints)
      await this.#connectPages('browser', endpoints)
      if (this.#hooks.signal?.aborted) return null
      return await this.#measureWindow()
    } catch (error) {
      if (!(error instanceof ChildError)) throw error
      if (this.#hooks.signal?.aborted) return null
      return this.#derive([], [], [], [{ code: 'boot-failed', message: error.message }])
    } finally {
      clearInterval(timer)
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#children.map(child => child.close()))
  }

  async #bootServers(): Promise<Endpoint[]> {
    const { pair, workload, layout } = this.#plan
    const counted = new Set<number>()
    const booting = clientRanges(workload, layout.servers).map(async ({ from, to }) => {
      const session = (client: number): number => Math.ceil(client / workload.pagesPerSession)
      const streams = streamsOf(workload.audience, session(from), session(to))
      const countedStreams = streams.filter(stream => !counted.has(stream))
      for (const stream of countedStreams) counted.add(stream)
      const child = new Child('server-process', `the server of ${pair.technique}`)
      this.#servers.push(child)
      child.send({
        type: 'job',
        job: {
          role: 'server',
          origin: this.#origin,
          half: { module: pair.serverModule, technique: pair.technique },
          settings: this.#settings,
          address: { host: '127.0.0.1', port: 0 },
          streams,
          countedStreams,
          schedule: scheduleOf(workload),
          payloadBytes: workload.payloadBytes,
          logEvents: workload.logEvents,
          delivery: workload.delivery,
          backendPoll: workload.backendPoll,
        },
      })
      const { url } = await child.next('listening', bootTimeoutMs)
      return { url, from, to }
    })
    const endpoints = await Promise.all(booting)
    this.#hooks.booted?.(this.#servers.flatMap(({ pid }) => pid ?? []))
    return endpoints
  }

  /** Puts relays between the clients and their servers where the workload has a link. */
  async #bootRelays(endpoints: readonly Endpoint[]): Promise<readonly Endpoint[]> {
    const { pair, workload, layout } = this.#plan
    const { link } = workload
    if (link === null) return endpoints
    const booting = endpoints.flatMap(({ url: target, from, to }) =>
      ranges(to - from, layout.relays / endpoints.length).map(async part => {
        const child = new Child('relay-process', `the relay of ${pair.technique}`)
        const index = this.#relays.push(child) - 1
        child.send({
          type: 'job',
          job: { role: 'relay', origin: this.#origin, link, target, seed: workload.seed, index },
        })
        const { url } = await child.next('listening', bootTimeoutMs)
        return { url, from: from + part.from, to: from + part.to }
      }),
    )
    return await Promise.all(booting)
  }

  async #connectShards(endpoints: readonly Endpoint[]): Promise<void> {
    const { pair, workload, layout } = this.#plan
    // A thousand connections take well under a second; ten times that is a machine in trouble.
    const timeoutMs =
      bootTimeoutMs + workload.clients * (10 + toMilliseconds(longestTransit(workload.link)) / 10)
    const ramping = clientRanges(workload, layout.shards).map(async ({ from, to }, index) => {
      const counts = { connected: 0, received: 0 }
      this.#counts.push(counts)
      const child = new Child('shard-process', `client process ${index + 1} of ${pair.technique}`, progress =>
        Object.assign(counts, { connected: progress.connected, received: progress.received }),
      )
      this.#shards.push(child)
      child.send({
        type: 'job',
        job: this.#shardJob(pair.clientModule, endpoints, from, to),
      })
      counts.connected = (await child.next('ramped', timeoutMs)).connected
    })
    const ends = [...this.#servers, ...this.#relays].map(async child => {
      throw new ChildError(
        `${this.#relays.includes(child) ? 'the relay' : 'the server'} ${await child.ended}`,
      )
    })
    await this.#unlessAborted(Promise.race([Promise.all(ramping), ...ends]))
  }

  #shardJob(module: string, endpoints: readonly Endpoint[], from: number, to: number): ShardJob {
    const { pair, workload } = this.#plan
    return {
      role: 'shard',
      origin: this.#origin,
      half: { module, technique: pair.technique },
      settings: this.#settings,
      endpoints,
      from,
      to,
      audience: formatAudience(workload.audience),
      delivery: workload.delivery,
      pagesPerSession: workload.pagesPerSession,
      schedule: scheduleOf(workload),
      headers: workload.headers,
      backoff: workload.backoff,
      patience: micros(rampPatience + longestTransit(workload.link)),
    }
  }

  /** Connects the page clients of a kind in a process of their own, where the plan has any. */
  async #connectPages(kind: PageFleet['kind'], endpoints: readonly Endpoint[]): Promise<void> {
    for (const fleet of this.#plan.pages?.filter(pages => pages.kind === kind) ?? []) {
      const child = new Child('shard-process', `the ${kind} clients of ${this.#plan.pair.technique}`)
      this.#pages.push({ fleet, child })
      child.send({ type: 'job', job: this.#shardJob(fleet.module, endpoints, 0, fleet.clients) })
      // A page takes a browser a fraction of a second to open.
      await this.#unlessAborted(child.next('ramped', bootTimeoutMs + fleet.clients * 2_000))
    }
  }

  async #pageReports(): Promise<PageReport[]> {
    return await Promise.all(
      this.#pages.map(async ({ fleet, child }) => {
        const [report = null] = await this.#reports<ShardReport>([child], 'shard-died')
        return { fleet, report }
      }),
    )
  }

  async #measureWindow(): Promise<Measurement> {
    const { pair, workload } = this.#plan
    // Whole microseconds, as the stamps of events are: an event due on an edge must fall on one side of it everywhere.
    const startAt = wholeMicros(after(this.#clock(), startLead))
    const from = after(startAt, workload.warmup)
    const to = after(from, workload.duration)
    const drain = micros(
      pair.client.drain(this.#settings) + longestTransit(workload.link) + workload.backendPoll,
    )
    this.#start = { startAt, window: { from, to }, drainUntil: after(to, drain) }
    this.#send({ type: 'start', start: this.#start })

    const abort = (): void => this.#cutShort(cutLead, cutDrain)
    this.#hooks.signal?.addEventListener('abort', abort)
    this.#watchForDeath()
    const shards = await this.#reports<ShardReport>(this.#shards, 'shard-died')
    const pages = await this.#pageReports()
    for (const child of [...this.#servers, ...this.#relays]) child.send({ type: 'finish' })
    const servers = await this.#reports<ServerReport>(this.#servers, 'server-died')
    const relays = await this.#reports<RelayReport>(this.#relays, 'relay-died')
    this.#hooks.signal?.removeEventListener('abort', abort)
    return this.#derive(servers, shards, relays, this.#failures, pages)
  }

  get #children(): Child[] {
    return [...this.#pages.map(({ child }) => child), ...this.#shards, ...this.#relays, ...this.#servers]
  }

  #derive(
    servers: ServerReport[],
    shards: ShardReport[],
    relays: RelayReport[],
    failures: readonly Failure[],
    pages: readonly PageReport[] = [],
  ): Measurement {
    return deriveMeasurement({
      plan: this.#plan,
      settings: this.#settings,
      window: this.#start?.window,
      aborted: this.#hooks.signal?.aborted === true,
      servers,
      shards,
      pages,
      relays,
      failures,
    })
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
      [this.#servers, 'server-died', 'the server'],
      [this.#relays, 'relay-died', 'the relay'],
      [this.#shards, 'shard-died', 'a client process'],
    ] as const) {
      for (const child of children) {
        void child.ended.then(end => {
          if (this.#start === undefined || this.#cut || this.#clock() >= this.#start.window.to) return
          const into = elapsed(this.#start.window.from, this.#clock())
          const when =
            into < 0 ? 'in the warm-up' : `${(into / 1_000_000).toFixed(1)} s into the measured window`
          this.#fail({
            code,
            message: `${name} ${end}, ${when}`,
          })
          this.#cutShort(micros(0), micros(0))
        })
      }
    }
  }

  #fail(failure: Failure): void {
    if (!this.#failures.some(({ code }) => code === failure.code)) this.#failures.push(failure)
  }

  /** Ends the window `lead` from now, when every process has heard of it, and waits for `drain` after that. */
  #cutShort(lead: Micros, drain: Micros): void {
    if (this.#cut || this.#start === undefined) return
    this.#cut = true
    const now = wholeMicros(after(this.#clock(), lead))
    const { startAt, window } = this.#start
    const to = instant(Math.min(Math.max(now, window.from), window.to))
    this.#start = { startAt, window: { from: window.from, to }, drainUntil: after(now, drain) }
    this.#send({ type: 'cut', start: this.#start })
  }

  #reportTimeoutMs(): number {
    const until = this.#start?.drainUntil ?? this.#clock()
    return Math.max(0, toMilliseconds(elapsed(this.#clock(), until))) + reportGraceMs
  }

  #send(command: { type: 'start' | 'cut'; start: Start }): void {
    for (const child of this.#children) child.send(command)
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
    const sum = (key: 'connected' | 'received'): number =>
      this.#counts.reduce((total, count) => total + count[key], 0)
    this.#hooks.progress?.({
      phase: this.#phase(),
      connected: sum('connected'),
      received: sum('received'),
      remaining:
        this.#start === undefined ? null : micros(Math.max(0, elapsed(this.#clock(), this.#start.window.to))),
    })
  }

  #phase(): Phase {
    if (this.#start === undefined) return this.#shards.length === 0 ? 'boot' : 'connect'
    const now = this.#clock()
    if (now < this.#start.window.from) return 'warm-up'
    return now < this.#start.window.to ? 'measure' : 'drain'
  }
}
