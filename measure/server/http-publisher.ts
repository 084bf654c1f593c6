/**
 * Publishes by HTTP POST. The caller never waits. Each stream has one keep-alive connection, shared with others, and
 * on it one request at a time, so that the events of a stream arrive in their order.
 */
import { Client } from 'undici'
import { atStream } from '../../model/audience.ts'
import type { Clock } from '../../model/clock.ts'
import { encodeEvent } from '../../model/event.ts'
import type { PayloadMaker } from '../../model/payload.ts'
import { elapsed, type Instant } from '../../model/units.ts'
import { Histogram } from '../../results/histogram.ts'
import type { Unpublished } from '../messages/report.ts'

/** As many as an application's own pool of connections to its push server would have. */
const mostConnections = 16
/** A publisher that gets no response for this long goes on to the next event. */
const answerTimeoutMs = 10_000

/** An event that is due and has not been sent yet. */
interface Letter {
  readonly stream: number
  readonly seq: number
  readonly intendedAt: Instant
}

/** The connection of some streams, and what waits for it. */
interface Lane {
  readonly client: Client
  readonly waiting: Letter[]
  busy: boolean
}

export class HttpPublisher {
  /** From the intended instant of an event until its request is sent; of events due since {@link countFrom}. */
  readonly lag = new Histogram()
  /** Events due before are published but not counted; none is counted before this is set. */
  countFrom: Instant | undefined
  readonly #url: string
  readonly #clock: Clock
  readonly #payload: PayloadMaker
  readonly #lanes: Lane[]
  #failed = 0
  #first = ''

  /**
   * @param url where events are posted; `{stream}` stands for the number of their stream
   * @param streams how many streams there are
   */
  constructor(url: string, streams: number, clock: Clock, payload: PayloadMaker) {
    this.#url = url
    this.#clock = clock
    this.#payload = payload
    this.#lanes = Array.from({ length: Math.min(streams, mostConnections) }, () => ({
      client: new Client(new URL(url).origin, {
        pipelining: 1,
        headersTimeout: answerTimeoutMs,
        bodyTimeout: answerTimeoutMs,
        allowH2: false,
      }),
      waiting: [],
      busy: false,
    }))
  }

  /** Events due in the window that the server rejected, with the first reason. */
  get unpublished(): Unpublished {
    return { count: this.#failed, first: this.#first }
  }

  /** Takes an event; it is posted, and stamped as sent, when those before it on the same connection were answered. */
  push(letter: Letter): void {
    const lane = this.#lanes[letter.stream % this.#lanes.length]
    if (lane === undefined) throw new RangeError('a publisher without streams')
    lane.waiting.push(letter)
    if (!lane.busy) void this.#drain(lane)
  }

  /** Ends the connections; waiting events are not posted any more, and count as not published. */
  async close(): Promise<void> {
    await Promise.all(
      this.#lanes.map(({ client, waiting }) => {
        for (const letter of waiting.splice(0)) this.#fail(letter, 'was still waiting to be posted')
        return client.destroy()
      }),
    )
  }

  async #drain(lane: Lane): Promise<void> {
    lane.busy = true
    for (let next = lane.waiting.shift(); next !== undefined; next = lane.waiting.shift()) {
      const problem = await this.#post(lane.client, next)
      if (problem !== null) this.#fail(next, problem)
    }
    lane.busy = false
  }

  /** @returns null once the server has accepted it, otherwise what happened to it */
  async #post(client: Client, letter: Letter): Promise<string | null> {
    const { stream, seq, intendedAt } = letter
    const { pathname, search } = new URL(atStream(this.#url, stream))
    const stamp = { seq, intendedAt, sentAt: this.#clock() }
    if (this.#counts(letter)) this.lag.record(elapsed(intendedAt, stamp.sentAt))
    try {
      const { statusCode, body } = await client.request({
        method: 'POST',
        path: `${pathname}${search}`,
        headers: { 'Content-Type': 'text/plain; charset=utf-8' },
        body: encodeEvent({ ...stamp, payload: this.#payload(stamp) }),
      })
      await body.dump()
      return statusCode >= 200 && statusCode < 300 ? null : `was answered HTTP status ${statusCode}`
    } catch (error) {
      return `failed: ${error instanceof Error ? error.message : error}`
    }
  }

  #counts({ intendedAt }: Letter): boolean {
    return this.countFrom !== undefined && intendedAt >= this.countFrom
  }

  #fail(letter: Letter, problem: string): void {
    if (!this.#counts(letter)) return
    this.#failed++
    if (this.#first === '') this.#first = `event ${letter.seq} ${problem}`
  }
}
