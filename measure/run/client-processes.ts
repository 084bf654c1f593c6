/** The client processes of a run, of every kind: starts them and connects their clients. */
import type { Origin } from '../../model/clock.ts'
import { longestTransit } from '../../model/link.ts'
import { instant, toMilliseconds } from '../../model/units.ts'
import { clientRanges } from '../../model/workload.ts'
import type { ClientJob, Endpoint } from '../messages/job.ts'
import type { PageFleet } from '../messages/page-fleet.ts'
import type { FleetProgress } from '../messages/report.ts'
import type { RunPlan } from '../messages/run-plan.ts'
import { bootTimeoutMs, Child } from './child.ts'
import { clientJobOf } from './plan-jobs.ts'

/** A page takes a browser a fraction of a second to open. */
const pageTimeoutMs = 2_000

/** Clients that one process connects: its wire clients, or all pages of a kind. */
interface Ramp {
  readonly child: Child
  readonly clients: number
  readonly timeoutMs: number
}

export class ClientProcesses {
  /** Those of wire clients. */
  readonly wire: Child[] = []
  /** One for each kind of page client. */
  readonly pages: { readonly fleet: PageFleet; readonly child: Child }[] = []
  readonly #plan: RunPlan
  readonly #origin: Origin
  readonly #ramps: Ramp[] = []
  readonly #progress: FleetProgress[] = []

  constructor(plan: RunPlan, origin: Origin) {
    this.#plan = plan
    this.#origin = origin
  }

  get all(): Child[] {
    return [...this.pages.map(({ child }) => child), ...this.wire]
  }

  /** Latest progress of all wire clients, and the age of the oldest report in it. */
  get progress(): FleetProgress {
    const sum = (key: 'connected' | 'received' | 'affected'): number =>
      this.#progress.reduce((total, clientProcess) => total + clientProcess[key], 0)
    return {
      connected: sum('connected'),
      received: sum('received'),
      affected: sum('affected'),
      at: instant(Math.min(...this.#progress.map(({ at }) => at))),
    }
  }

  /**
   * Connects the clients. Those of different kinds take turns, in proportion: a server that writes an event in a loop
   * reaches the clients last that connected last, and these must not all be of one kind.
   */
  async connect(endpoints: readonly Endpoint[]): Promise<void> {
    await this.#start(endpoints)
    const rounds = Math.max(1, ...(this.#plan.pages ?? []).map(({ clients }) => clients))
    for (let round = 1; round <= rounds; round++) {
      await Promise.all(
        this.#ramps.map(async ({ child, clients, timeoutMs }) => {
          child.send({ type: 'ramp', clients: Math.round((clients * round) / rounds) })
          await child.next('ramped', timeoutMs)
        }),
      )
    }
  }

  /** Starts the processes; none of their clients connects yet. */
  async #start(endpoints: readonly Endpoint[]): Promise<void> {
    const { pair, workload, layout, pages = [] } = this.#plan
    const jobOf = (module: string, range: { from: number; to: number }): ClientJob =>
      clientJobOf(this.#plan, this.#origin, module, endpoints, range)
    for (const [index, range] of clientRanges(workload, layout.clientProcesses).entries()) {
      this.#progress[index] = { connected: 0, received: 0, affected: 0, at: instant(0) }
      const name = `client process ${index + 1} of ${pair.technique}`
      const child = new Child('client-process', name, progress => {
        this.#progress[index] = progress
      })
      this.wire.push(child)
      child.send({ type: 'job', job: jobOf(pair.clientModule, range) })
      this.#ramps.push({ child, clients: range.to - range.from, timeoutMs: this.#rampTimeoutMs() })
    }
    for (const fleet of pages) {
      const { kind, module, clients } = fleet
      const child = new Child('client-process', `the ${kind} clients of ${pair.technique}`)
      this.pages.push({ fleet, child })
      child.send({ type: 'job', job: jobOf(module, { from: 0, to: clients }) })
      this.#ramps.push({ child, clients, timeoutMs: bootTimeoutMs + clients * pageTimeoutMs })
    }
    await Promise.all(this.#ramps.map(({ child }) => child.next('ready', bootTimeoutMs)))
  }

  /** A thousand connections take well under a second; ten times that is a machine in trouble. */
  #rampTimeoutMs(): number {
    const { clients, link } = this.#plan.workload
    return bootTimeoutMs + clients * (10 + toMilliseconds(longestTransit(link)) / 10)
  }
}
