/**
 * The processes of a run: servers, relays between them and the clients, and the client processes. Starts servers and
 * relays, carries out on servers what a fault asks for, and ends all processes.
 */

import { streamsOf } from '../../model/audience.ts'
import type { Origin } from '../../model/clock.ts'
import type { Target } from '../../model/subject.ts'
import { after, type Instant, instant, type Micros, micros, toMilliseconds } from '../../model/units.ts'
import { clientRanges, ranges } from '../../model/workload.ts'
import type { Command, Endpoint, ServerJob, Start } from '../messages/job.ts'
import type { ServerReport } from '../messages/report.ts'
import type { RunPlan } from '../messages/run-plan.ts'
import { bootTimeoutMs, Child, ChildError } from './child.ts'
import { ClientProcesses } from './client-processes.ts'
import { serverJobOf, targetJobOf } from './plan-jobs.ts'

export class RunProcesses {
  readonly servers: Child[] = []
  readonly relays: Child[] = []
  /** Every server process that was started, whatever became of it. */
  readonly everyServer: Child[] = []
  readonly clients: ClientProcesses
  readonly #plan: RunPlan
  readonly #origin: Origin
  /** Reports of the servers that a fault ended on purpose. */
  readonly retired: ServerReport[] = []
  readonly #serverJobs: ServerJob[] = []
  /** Servers that do not listen yet. */
  readonly #booting = new Set<Child>()
  /** Processes whose end is part of a fault. */
  readonly #dismissed = new Set<Child>()

  constructor(plan: RunPlan, origin: Origin) {
    this.#plan = plan
    this.#origin = origin
    this.clients = new ClientProcesses(plan, origin)
  }

  /** Every process, in the order in which they are to end: no server before its clients. */
  get all(): Child[] {
    return [...this.clients.all, ...this.relays, ...this.servers, ...this.#booting, ...this.#dismissed]
  }

  /** Starts the servers, and relays before them where the workload has a link. @returns where the clients connect */
  async boot(): Promise<readonly Endpoint[]> {
    const target = this.#plan.pair.foreign?.target
    const booting = target === undefined ? this.#bootServers() : this.#connectTarget(target)
    return this.#bootRelays(await booting)
  }

  /** Ends the servers without warning, as soon as they have said what they measured. */
  async killServers(): Promise<void> {
    await Promise.all(
      this.servers.splice(0).map(async child => {
        this.#dismissed.add(child)
        child.send({ type: 'finish', abruptly: true })
        const { report } = await child.next('report', bootTimeoutMs)
        child.signal('SIGKILL')
        this.retired.push(report as ServerReport)
      }),
    )
  }

  /**
   * Starts servers at the addresses of earlier ones; each rebuilds its log before it listens, `delay` after `now`
   * at the soonest.
   * @returns when the last of them began to listen
   */
  async bootAgain(start: Start, now: Instant, delay: Micros): Promise<Instant> {
    const listening = await Promise.all(
      this.#serverJobs.map((job, index) => {
        this.#serverJobs[index] = { ...job, rebuild: { start, listenAt: after(now, delay) } }
        return this.#bootServer(index, delay)
      }),
    )
    return instant(Math.max(...listening.map(({ at }) => at)))
  }

  /** Gives up servers that do not listen yet: nothing waits for them any more. */
  abandonBoot(): void {
    for (const child of this.#booting) child.signal('SIGKILL')
  }

  /**
   * Drains servers that have successors, and ends them.
   * @param ended resolves when there is no time left: the servers report, and the clients stay
   */
  async drainServers(
    predecessors: readonly Child[],
    over: Micros,
    retryAfter: Micros,
    ended: Promise<void>,
  ): Promise<void> {
    await Promise.all(
      predecessors.map(async child => {
        this.#dismissed.add(child)
        this.servers.splice(this.servers.indexOf(child), 1)
        child.send({ type: 'drain', over, retryAfter })
        const drained = child.next('drained', bootTimeoutMs + toMilliseconds(over))
        const empty = await Promise.race([drained.then(() => true), ended.then(() => false)])
        child.send({ type: 'finish', abruptly: true })
        const { report } = await child.next('report', bootTimeoutMs)
        this.retired.push(report as ServerReport)
        if (empty) await child.close()
      }),
    )
  }

  /**
   * Ends publishing at an instant, or later where a server has published past it before it gets the message.
   * @returns the instant from which on no event is or was published by a server that answers within `timeoutMs`
   */
  async halt(at: Instant, timeoutMs: number): Promise<Instant> {
    const halted = await Promise.allSettled(
      [...this.servers, ...this.#dismissed].map(async child => {
        child.send({ type: 'halt', at })
        return (await child.next('halted', timeoutMs)).at
      }),
    )
    return instant(Math.max(at, ...halted.flatMap(each => (each.status === 'fulfilled' ? each.value : []))))
  }

  /** True for a process whose end is part of a fault. */
  wasDismissed(child: Child): boolean {
    return this.#dismissed.has(child)
  }

  send(command: Command): void {
    for (const child of this.all) child.send(command)
  }

  async close(): Promise<void> {
    await Promise.all(this.all.map(child => child.close()))
  }

  async #bootServers(): Promise<Endpoint[]> {
    const { workload, layout } = this.#plan
    const counted = new Set<number>()
    const booting = clientRanges(workload, layout.servers).map(async ({ from, to }, index) => {
      const session = (client: number): number => Math.ceil(client / workload.pagesPerSession)
      const streams = streamsOf(workload.audience, session(from), session(to))
      const countedStreams = streams.filter(stream => !counted.has(stream))
      for (const stream of countedStreams) counted.add(stream)
      this.#serverJobs[index] = serverJobOf(this.#plan, this.#origin, streams, countedStreams)
      const { url } = await this.#bootServer(index)
      return { url, from, to }
    })
    return await Promise.all(booting)
  }

  /** Starts the process that publishes to a server which already runs. */
  async #connectTarget(target: Target): Promise<Endpoint[]> {
    const child = new Child('target-process', `the publisher to ${target.publish}`)
    this.servers.push(child)
    child.send({ type: 'job', job: targetJobOf(this.#plan, this.#origin, target) })
    const { url } = await child.next('listening', bootTimeoutMs)
    return [{ url, from: 0, to: this.#plan.workload.clients }]
  }

  /** @param delay how long it may take beyond the usual */
  async #bootServer(index: number, delay = micros(0)): Promise<{ url: string; at: Instant }> {
    const job = this.#serverJobs[index]
    if (job === undefined) throw new RangeError(`no server ${index}`)
    const { technique, foreign } = this.#plan.pair
    const child = new Child('server-process', `the server of ${foreign?.name ?? technique}`)
    this.#booting.add(child)
    this.everyServer.push(child)
    child.send({ type: 'job', job })
    const { url, at } = await child.next('listening', bootTimeoutMs + toMilliseconds(delay))
    this.#booting.delete(child)
    this.servers.push(child)
    const { hostname, port } = new URL(url)
    this.#serverJobs[index] = { ...job, address: { ...job.address, host: hostname, port: Number(port) } }
    return { url, at }
  }

  async #bootRelays(endpoints: readonly Endpoint[]): Promise<readonly Endpoint[]> {
    const { pair, workload, layout } = this.#plan
    const { link, seed } = workload
    if (link === null) return endpoints
    const booting = endpoints.flatMap(({ url: target, from, to }) =>
      ranges(to - from, layout.relays / endpoints.length).map(async part => {
        const child = new Child('relay-process', `the relay of ${pair.technique}`)
        const index = this.relays.push(child) - 1
        child.send({ type: 'job', job: { role: 'relay', origin: this.#origin, link, target, seed, index } })
        const { url } = await child.next('listening', bootTimeoutMs)
        return { url, from: from + part.from, to: from + part.to }
      }),
    )
    return await Promise.all(booting)
  }
}

/**
 * The part of the report of a replaced server that counts: its successor publishes and counts every event of the
 * schedule, and the memory of two servers must not be added.
 */
export const succeeded = (report: ServerReport): ServerReport => ({
  ...report,
  published: 0,
  load: report.load && { ...report.load, rssBytes: 0, rssBaselineBytes: 0 },
})

/** Rejects when a server or relay ends; never resolves. For what waits for their clients. */
export function untilDeath({ servers, relays }: Pick<RunProcesses, 'servers' | 'relays'>): Promise<never> {
  return Promise.race(
    [...servers, ...relays].map(async child => {
      const name = relays.includes(child) ? 'the relay' : 'the server'
      throw new ChildError(`${name} ${await child.ended}${child.lastWords}`)
    }),
  )
}
