/**
 * How many empty polls a second a server answers at the most: a fresh server process to which nothing happens,
 * and a process that asks it as fast as it answers. The server's own count is what is reported.
 */

import { clockFrom, originNow } from '../../model/clock.ts'
import type { SettingValue } from '../../model/settings.ts'
import type { EmptyPoll } from '../../model/technique.ts'
import {
  after,
  elapsed,
  type Instant,
  instant,
  milliseconds,
  seconds,
  toMilliseconds,
} from '../../model/units.ts'
import { scheduleOf } from '../../model/workload.ts'
import type { Ceiling, Measurement } from '../../results/result.ts'
import type { CeilingReport, ServerReport } from '../messages/job.ts'
import type { RunPlan } from '../messages/run-plan.ts'
import { Child, ChildError } from './child.ts'
import type { RunHooks } from './hooks.ts'

/** Enough that the server always has a request waiting, few enough to be no load of their own. */
export const ceilingConnections = 100

const bootTimeoutMs = 15_000
/** Room for the start command to reach both processes. */
const startLead = milliseconds(50)
/** Until both processes' code is compiled; not counted. */
const ceilingWarmup = milliseconds(500)
const reportGraceMs = 10_000
/** Above this utilisation an event loop queues what it is given. */
const busy = 0.8
/** By how much two counts of one window may differ: each process is late for its edges by a turn of its loop. */
const countTolerance = 0.02

/** What a reader does about a ceiling that could not be measured. */
export const ceilingAdvice =
  'the latencies were measured before and stand; a server that errs or breaks off when it is pressed has no ceiling to compare'

/** The ceiling, or the sentence that says why there is none. */
export type CeilingOutcome = { readonly ceiling: Ceiling } | { readonly problem: string }

/** The measurement with the ceiling of its server, where its technique has one and the plan asks for it. */
export async function withCeiling(
  measurement: Measurement,
  plan: RunPlan,
  settings: Readonly<Record<string, SettingValue>>,
  hooks: RunHooks,
): Promise<Measurement> {
  const neverUp = measurement.warnings.some(({ code }) => code === 'boot-failed')
  const { ceiling: ask } = plan.pair.client
  if (plan.ceiling === 0 || ask === undefined || neverUp || hooks.signal?.aborted) return measurement
  const outcome = await measureCeiling(plan, settings, hooks)
  if (outcome === null) return measurement
  if ('ceiling' in outcome) return { ...measurement, ceiling: outcome.ceiling }
  const message = `the ceiling could not be measured: ${outcome.problem}`
  return {
    ...measurement,
    passed: false,
    failures: [...measurement.failures, message],
    warnings: [{ code: 'ceiling-failed', message, advice: ceilingAdvice }, ...measurement.warnings],
  }
}

/** @returns null when it was aborted */
async function measureCeiling(
  plan: RunPlan,
  settings: Readonly<Record<string, SettingValue>>,
  hooks: RunHooks,
): Promise<CeilingOutcome | null> {
  const { promise: aborted, resolve: abort } = Promise.withResolvers<null>()
  const onAbort = (): void => abort(null)
  hooks.signal?.addEventListener('abort', onAbort)
  const session = new CeilingSession(plan, settings, hooks)
  const measuring = session.measure()
  // Once it was aborted, what the ended processes say is of no interest.
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
    const telling = setInterval(() => this.#tell(), 200)
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
      clearInterval(telling)
    }
  }

  async close(): Promise<void> {
    // The one that asks goes first, or it would find its server gone.
    await this.#generator.close()
    await this.#server.close()
  }

  async #boot(): Promise<EmptyPoll> {
    const { pair, workload } = this.#plan
    this.#server.send({
      type: 'job',
      job: {
        role: 'server',
        origin: this.#origin,
        half: { module: pair.serverModule, technique: pair.technique },
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
      throw new ChildError(`the server ${end}`)
    })
    return await Promise.race([work, died])
  }

  #tell(): void {
    const remaining = this.#until === null ? null : elapsed(this.#clock(), this.#until)
    this.#hooks.progress?.({
      phase: 'ceiling',
      connected: ceilingConnections,
      received: 0,
      remaining: remaining === null || remaining < 0 ? null : remaining,
    })
  }
}

/** The ceiling from what both processes counted. No count is believed that the other does not bear out. */
export function ceilingOf(
  server: Pick<ServerReport, 'atOpen' | 'atClose' | 'load'>,
  generator: Omit<CeilingReport, 'role'>,
  request: EmptyPoll,
): CeilingOutcome {
  const { atOpen, atClose, load } = server
  const { statuses, errors, answered } = generator
  const refused = Object.entries(statuses).filter(([status]) => !/^2\d\d$/.test(status))
  if (refused.length > 0) {
    const told = refused.map(([status, count]) => `${count} answers had HTTP status ${status}`).join(', ')
    return { problem: `${told} under ${ceilingConnections} connections` }
  }
  if (errors > 0) return { problem: `${errors} requests got no answer (${generator.error})` }
  if (atOpen === null || atClose === null || answered === null)
    return { problem: 'its window did not open and close' }
  const requests = atClose.requests - atOpen.requests
  if (requests === 0 || answered === 0) return { problem: 'no request was answered in its window' }
  // The server counts what came, autocannon what was answered: between them lies what was under way.
  if (Math.abs(requests - answered) > ceilingConnections + countTolerance * requests)
    return { problem: `the server counted ${requests} requests, autocannon ${answered} answers` }
  const span = elapsed(atOpen.readAt, atClose.readAt)
  const [serverUtilization, generatorUtilization] = [
    load?.utilization ?? null,
    generator.load?.utilization ?? null,
  ]
  return {
    ceiling: {
      requestsPerSecond: requests / (span / seconds(1)),
      seconds: span / seconds(1),
      connections: ceilingConnections,
      request: `${request.method} ${request.path}`,
      serverCpuMicrosPerRequest: load === null ? null : (load.cpuSeconds * 1_000_000) / requests,
      serverUtilization,
      generatorUtilization,
      boundBy: boundBy(
        serverUtilization,
        generatorUtilization,
        load === null ? null : load.cpuSeconds / (span / seconds(1)),
      ),
      method:
        'autocannon over loopback, each connection asks again as soon as it is answered; nothing is published, so every answer is empty; requests by the count and the clock of the server',
    },
  }
}

/**
 * Which side had no room for more; unclear where both had none, or neither, or where others took the core from it.
 * @param serverCpu share of a core that the server had; a loop that waits for a core counts as busy
 */
export function boundBy(
  server: number | null,
  generator: number | null,
  serverCpu: number | null,
): Ceiling['boundBy'] {
  if (server === null || generator === null || server > busy === generator > busy) return 'unclear'
  if (generator > busy) return 'generator'
  return serverCpu !== null && serverCpu > busy * server ? 'server' : 'unclear'
}
