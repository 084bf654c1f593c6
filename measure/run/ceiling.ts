/**
 * Drives a server to its ceiling: a fresh server process that publishes nothing, and a process that asks it as fast as
 * it answers. The counts of both become the ceiling in `derive/ceiling.ts`.
 */

import { clockFrom, originNow } from '../../model/clock.ts'
import type { EmptyPoll } from '../../model/request.ts'
import type { SettingValue } from '../../model/settings.ts'
import {
  after,
  elapsed,
  type Instant,
  instant,
  micros,
  milliseconds,
  toMilliseconds,
} from '../../model/units.ts'
import { scheduleOf } from '../../model/workload.ts'
import { type CeilingOutcome, ceilingConnections, ceilingOf } from '../derive/ceiling.ts'
import type { RunFacts } from '../derive/run-facts.ts'
import type { CeilingReport, ServerReport } from '../messages/report.ts'
import type { RunPlan } from '../messages/run-plan.ts'
import { bootTimeoutMs, Child, ChildError } from './child.ts'
import type { RunHooks } from './hooks.ts'
import { handLog } from './server-logs.ts'

/** Room for the start command to reach both processes. */
const startLead = milliseconds(50)
/** Time for both processes to compile their code; not counted. */
const ceilingWarmup = milliseconds(500)
/** From the start of a measured ceiling until requests count. */
export const ceilingLead = micros(startLead + ceilingWarmup)
const reportGraceMs = 10_000

/**
 * Measures the ceiling of the server of a run that is over.
 * @returns null where the plan asks for none, the technique has none, the run's server never came up, or on abort
 */
export async function measureCeiling(
  { plan, settings, failures }: Pick<RunFacts, 'plan' | 'settings' | 'failures'>,
  hooks: RunHooks,
): Promise<CeilingOutcome | null> {
  const neverUp = failures.some(({ code }) => code === 'boot-failed')
  if (plan.ceiling === 0 || plan.pair.client.ceiling === undefined || neverUp || hooks.signal?.aborted)
    return null
  const { promise: aborted, resolve: abort } = Promise.withResolvers<null>()
  const onAbort = (): void => abort(null)
  hooks.signal?.addEventListener('abort', onAbort)
  const session = new CeilingSession(plan, settings, hooks)
  const measuring = session.measure()
  // After an abort the errors of the ended processes say nothing.
  measuring.catch(() => {})
  try {
    return await Promise.race([measuring, aborted])
  } catch (error) {
    if (!(error instanceof ChildError)) throw error
    return { problem: error.message }
  } finally {
    hooks.signal?.removeEventListener('abort', onAbort)
    await session.close()
  }
}

class CeilingSession {
  readonly #plan: RunPlan
  readonly #settings: Readonly<Record<string, SettingValue>>
  readonly #hooks: RunHooks
  readonly #origin = originNow()
  readonly #clock = clockFrom(this.#origin)
  readonly #server: Child
  readonly #generator: Child
  #until: Instant | null = null

  constructor(plan: RunPlan, settings: Readonly<Record<string, SettingValue>>, hooks: RunHooks) {
    this.#plan = plan
    this.#settings = settings
    this.#hooks = hooks
    this.#server = new Child('server-process', `the server of ${plan.pair.technique}`)
    // Both boot at once; the generator takes longer, because its library is large.
    this.#generator = new Child('ceiling-process', 'the process that asks')
  }

  async measure(): Promise<CeilingOutcome> {
    const reporting = setInterval(() => this.#reportProgress(), 200)
    try {
      const request = await this.#boot()
      const startAt = instant(Math.ceil(after(this.#clock(), startLead)))
      const from = after(startAt, ceilingWarmup)
      const to = after(from, this.#plan.ceiling)
      this.#until = to
      for (const child of [this.#server, this.#generator])
        child.send({ type: 'start', start: { startAt, window: { from, to }, drainUntil: to } })
      const timeoutMs = toMilliseconds(elapsed(this.#clock(), to)) + reportGraceMs
      const asked = (await this.#firstOf(this.#generator.next('report', timeoutMs))).report as CeilingReport
      this.#server.send({ type: 'finish' })
      const served = (await this.#server.next('report', reportGraceMs)).report as ServerReport
      return ceilingOf(served, asked, request)
    } finally {
      clearInterval(reporting)
    }
  }

  async close(): Promise<void> {
    // Close the generator first: otherwise its requests would fail when the server is gone.
    await this.#generator.close()
    await this.#server.close()
    handLog(this.#plan, 'server of the ceiling', this.#server, this.#hooks)
  }

  async #boot(): Promise<EmptyPoll> {
    const { pair, workload } = this.#plan
    this.#server.send({
      type: 'job',
      job: {
        role: 'server',
        origin: this.#origin,
        adapter: { module: pair.serverModule, technique: pair.technique },
        settings: this.#settings,
        address: { host: '127.0.0.1', port: 0 },
        // A server that publishes no stream: every answer is without an event.
        streams: [],
        countedStreams: [],
        schedule: scheduleOf(workload),
        payloadBytes: workload.payloadBytes,
        logEvents: workload.logEvents,
        delivery: workload.delivery,
        backendPoll: workload.backendPoll,
      },
    })
    const { url } = await this.#server.next('listening', bootTimeoutMs)
    const asked = new URL(url)
    asked.searchParams.set('stream', '0')
    const request = pair.client.ceiling?.({ url: asked, headers: workload.headers }, this.#settings)
    if (request === undefined) throw new ChildError(`a client of ${pair.technique} does not ask`)
    this.#generator.send({
      type: 'job',
      job: { role: 'ceiling', origin: this.#origin, url, request, connections: ceilingConnections },
    })
    await this.#firstOf(this.#generator.next('ready', bootTimeoutMs))
    return request
  }

  /** What the generator answers, unless the server ends first. */
  async #firstOf<T>(work: Promise<T>): Promise<T> {
    const died = this.#server.ended.then(end => {
      throw new ChildError(`the server ${end}${this.#server.lastWords}`)
    })
    return await Promise.race([work, died])
  }

  #reportProgress(): void {
    const remaining = this.#until === null ? null : elapsed(this.#clock(), this.#until)
    this.#hooks.progress?.({
      phase: 'ceiling',
      connected: ceilingConnections,
      received: 0,
      remaining: remaining === null || remaining < 0 ? null : remaining,
    })
  }
}
