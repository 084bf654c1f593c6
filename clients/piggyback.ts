/**
 * `piggyback`: posts a form whenever its user acts, and takes the events that come with the answer. The user acts
 * at random moments (a Poisson process). An idle page may fall back on a poll.
 */
import { likelyLongest, ridingOnActions } from '../model/closed-forms.ts'
import { exponential, type Random } from '../model/random.ts'
import { duration, type Values } from '../model/settings.ts'
import {
  type ClientContext,
  type ClientSink,
  clientTechnique,
  type PausableClient,
} from '../model/technique.ts'
import { type Micros, micros, milliseconds, toMilliseconds } from '../model/units.ts'
import { Asker, emptyPoll, plainQuestion } from './http/asking.ts'
import { requestHeaders } from './http/headers.ts'
import { reportLoss } from './http/loss.ts'
import { pollSilence, transit } from './http/silence.ts'

const settings = {
  action: duration('1s', "mean time between two of the user's actions", '1ms'),
  fallback: duration('0', 'a poll is made when the user did nothing for this long; 0 makes none'),
}

/** Longest time without a request. The user acts at random: one wait in 20,000 is longer than ten times the mean. */
const longestIdle = ({ action, fallback }: Values<typeof settings>): Micros =>
  micros(fallback > 0 ? Math.min(fallback, 10 * action) : 10 * action)

/** What the user posts. */
const formOf = (item: number): string => new URLSearchParams({ action: 'buy', item: String(item) }).toString()

/** The events that come with the response to the form. */
function ridingEvents(body: string): unknown {
  const answer: unknown = JSON.parse(body)
  if (typeof answer === 'object' && answer !== null && 'answer' in answer && 'events' in answer)
    return answer.events
  throw new SyntaxError('the answer to the form carries no events')
}

class PiggybackClient implements PausableClient {
  readonly #asker: Asker
  readonly #formHeaders: string[]
  readonly #random: Random
  readonly #actionMs: number
  readonly #fallbackMs: number
  #actions = 0
  #timer: NodeJS.Timeout | undefined
  #closed = false

  constructor(context: ClientContext, { action, fallback }: Values<typeof settings>) {
    this.#asker = new Asker(context, plainQuestion)
    this.#formHeaders = requestHeaders(context.headers, 'form', context.url.origin)
    this.#random = context.random
    this.#actionMs = toMilliseconds(action)
    this.#fallbackMs = toMilliseconds(fallback)
  }

  async connect(sink: ClientSink): Promise<void> {
    this.#closed = false
    // Opening the page is a request as well, and brings what there is.
    await this.#asker.ask(sink)
    this.#idle(sink, exponential(this.#random, this.#actionMs))
  }

  pause(): void {
    this.#asker.pause()
  }

  resume(): void {
    this.#asker.resume()
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await this.#asker.close()
  }

  /** Waits for the user, who will act after `untilAction` milliseconds, or for the fall-back before that. */
  #idle(sink: ClientSink, untilAction: number): void {
    if (this.#closed) return
    const polls = this.#fallbackMs > 0 && this.#fallbackMs < untilAction
    const wait = polls ? this.#fallbackMs : untilAction
    const startedAt = performance.now()
    this.#timer = setTimeout(async () => {
      try {
        if (polls) await this.#asker.ask(sink)
        else await this.#act(sink)
      } catch (error) {
        return reportLoss(error, sink)
      }
      const left = untilAction - (performance.now() - startedAt)
      this.#idle(sink, polls ? Math.max(0, left) : exponential(this.#random, this.#actionMs))
    }, wait)
  }

  #act(sink: ClientSink): Promise<void> {
    return this.#asker.post(sink, formOf(++this.#actions), this.#formHeaders, ridingEvents)
  }
}

export const piggyback = clientTechnique({
  settings,
  verifySettings: { action: milliseconds(5) },
  pauses: true,
  create: (context, values) => new PiggybackClient(context, values),
  drain: values => micros(longestIdle(values) + transit),
  lookBack: ({ action, fallback }) =>
    micros(Math.min(fallback > 0 ? fallback : Number.POSITIVE_INFINITY, likelyLongest(action))),
  silence: values => pollSilence(longestIdle(values)),
  predict: ({ action, fallback }, { arrivals, ratePerSecond }) =>
    arrivals === 'poisson' ? ridingOnActions(ratePerSecond, action, fallback > 0 ? fallback : null) : null,
  ceiling: context => ({
    ...emptyPoll(context, { initiator: 'form' }),
    method: 'POST',
    body: formOf(1),
  }),
})
