/**
 * The simulated clients of one client process: connects them, a bounded number at a time, and keeps them connected.
 * A job comes in, {@link FleetCounts} go out; the entry of the process is `client-process.ts`. What all processes
 * exchange stands in `measure/messages/`.
 *
 * The path of an event: the client adapter reads it off the wire and gives it to its `Session`, which is the adapter's
 * `ClientSink`. The session moves its cursor and hands the event, with the client's `ClientRecord`, to the `Recorder`,
 * the observer of all sessions. The recorder notes it in the client's `Ledger` and counts it. A response, a notice of
 * an overrun, a connection and its loss go the same way.
 */

import { atStream, parseAudience, streamOf } from '../../model/audience.ts'
import { type Clock, clockFrom } from '../../model/clock.ts'
import { sessionOf } from '../../model/delivery.ts'
import { randomFor, shuffled } from '../../model/random.ts'
import type { ClientTechnique } from '../../model/technique.ts'
import { toMilliseconds } from '../../model/units.ts'
import type { FleetCounts } from '../messages/fleet-counts.ts'
import type { ClientJob, Endpoint, Start } from '../messages/job.ts'
import type { ClientRecord } from './client-record.ts'
import { Recorder } from './recorder.ts'
import { Session, silentLooks } from './session.ts'

/** How many connections are opened at the same time. */
const connectsUnderWay = 100

export class Fleet {
  readonly clock: Clock
  readonly recorder: Recorder
  readonly #job: ClientJob
  readonly #technique: ClientTechnique
  readonly #sessions: Session<ClientRecord>[] = []
  #begun = 0
  #looks: NodeJS.Timeout | undefined

  constructor(job: ClientJob, technique: ClientTechnique) {
    const audience = parseAudience(job.audience)
    if (audience === null) throw new Error(`unknown audience "${job.audience}"`)
    this.#job = job
    this.#technique = technique
    this.clock = clockFrom(job.origin)
    const { from, to, delivery, pagesPerSession, faulted } = job
    this.recorder = new Recorder({
      clock: this.clock,
      audience,
      delivery,
      pagesPerSession,
      ...(faulted && { faulted }),
      from,
      to,
    })
    for (let client = from; client < to; client++) {
      this.#sessions.push(this.#session(client, streamOf(audience, sessionOf(client, pagesPerSession))))
    }
  }

  /**
   * Makes one attempt to connect for each of the first `clients` that has not tried yet. Those that fail go on trying
   * by their backoff. When no attempt has ended within the job's patience, the others start without waiting: what
   * delays them (for example a proxy that buffers what they wait for) is then part of what is measured.
   */
  async connect(clients = this.#sessions.length): Promise<void> {
    const { from, patience } = this.#job
    const to = from + clients
    let next = from + this.#begun
    this.#begun = clients
    let patient = true
    const { promise: stalled, resolve: giveUp } = Promise.withResolvers<void>()
    const watch = setTimeout(() => {
      patient = false
      giveUp()
      while (next < to) void begin()
    }, toMilliseconds(patience))
    const begin = (): Promise<void> | undefined => {
      const client = next++
      this.recorder.client(client).startedAt = this.clock()
      return this.#sessions[client - from]?.start()
    }
    const lane = async (): Promise<void> => {
      while (next < to) {
        await begin()
        if (patient) watch.refresh()
      }
    }
    await Promise.race([Promise.all(Array.from({ length: connectsUnderWay }, lane)), stalled])
    clearTimeout(watch)
  }

  /** Fixes the measured window, or an earlier end when a run is cut short. From now on silence is noticed. */
  open({ window, startAt, drainUntil, heldUntil }: Start): void {
    this.#lookForSilence()
    const heldFrom = heldUntil === undefined ? undefined : drainUntil
    this.recorder.open(window, this.#job.schedule, startAt, heldFrom)
  }

  /** Lets a share of the clients read nothing until {@link readAgain}; the seed draws which. */
  stall(share: number): void {
    const { from, to, schedule } = this.#job
    const all = this.#sessions.map((session, at) => ({ session, record: this.recorder.client(from + at) }))
    // Counted from the first client of the fleet, so that the parts of all client processes add up to the share.
    const count = Math.round(to * share) - Math.round(from * share)
    for (const { session, record } of shuffled(all, randomFor(schedule.seed, 'stall', from)).slice(
      0,
      count,
    )) {
      session.pause()
      this.recorder.backlog.stalled(record)
    }
  }

  /** Every client reads. */
  readAgain(): void {
    this.recorder.backlog.readAgain(this.clock())
    for (const session of this.#sessions) session.resume()
  }

  counts(): FleetCounts {
    return this.recorder.close()
  }

  /** Largest error of the clients' instants; null where all use the run's clock. */
  get clockError(): number | null {
    const errors = this.#sessions.flatMap(({ clockError }) => clockError ?? [])
    return errors.length === 0 ? null : Math.max(...errors)
  }

  async close(): Promise<void> {
    clearInterval(this.#looks)
    await Promise.all(this.#sessions.map(session => session.close()))
  }

  /** One timer for all clients: one for each would cost more memory than the rest of a session. */
  #lookForSilence(): void {
    const silence = this.#technique.silence?.(this.#job.settings) ?? null
    if (silence === null || this.#looks !== undefined || this.#job.ignoresSilence) return
    this.#looks = setInterval(() => {
      for (const session of this.#sessions) session.look()
    }, toMilliseconds(silence) / silentLooks)
  }

  #session(client: number, stream: number): Session<ClientRecord> {
    const { endpoints, schedule, settings, headers, backoff, attemptTimeout, delivery, pagesPerSession } =
      this.#job
    const { beginsAnywhere } = this.#job
    const random = randomFor(schedule.seed, 'client', client)
    const url = new URL(atStream(endpointOf(endpoints, client).url, stream))
    url.searchParams.set('stream', String(stream))
    if (delivery === 'session-queue')
      url.searchParams.set('session', String(sessionOf(client, pagesPerSession)))
    const adapter = this.#technique.create(
      { url, headers, random, clock: this.clock, ...(beginsAnywhere && { beginsAnywhere }) },
      settings,
    )
    return new Session(
      adapter,
      { backoff, random, ...(attemptTimeout === undefined ? {} : { attemptTimeout }) },
      this.recorder,
      this.recorder.client(client),
    )
  }
}

function endpointOf(endpoints: readonly Endpoint[], client: number): Endpoint {
  const endpoint = endpoints.find(({ from, to }) => client >= from && client < to)
  if (endpoint === undefined) throw new RangeError(`no server for client ${client}`)
  return endpoint
}
