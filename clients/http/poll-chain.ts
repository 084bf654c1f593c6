/**
 * A request as soon as the last was answered: what `long-polling`, `script-long-polling` and `busy-polling` share.
 */
import { type Prediction, type PredictionInputs, requestCycle } from '../../model/closed-forms.ts'
import { duration, type Values } from '../../model/settings.ts'
import { type ClientContext, type ClientSink, LossError, type PushClient } from '../../model/technique.ts'
import { type Micros, micros, seconds, toMilliseconds } from '../../model/units.ts'
import type { Asker } from './http.ts'

export const chainSettings = {
  pause: duration('0', 'time between an answer and the next request; 0 asks again at once'),
}

type ChainSettings = Values<typeof chainSettings>

/** Longest time that an event lies on the server. */
export const chainDrain = ({ pause }: ChainSettings): Micros => micros(pause + seconds(2))

/** The closed form of a chain, with the gaps that the server saw. */
export const chainPrediction = (
  _: ChainSettings,
  { arrivals, ratePerSecond, hold, gaps }: PredictionInputs,
): Prediction | null =>
  arrivals === 'poisson' && hold !== null && gaps !== null
    ? requestCycle(
        'r = time from an answer to the next request, as the server saw it',
        ratePerSecond,
        gaps,
        hold,
      )
    : null

/**
 * How long the first request of a client is held: a random part of the hold where the run asks for it, the whole hold
 * elsewhere. Clients that connect together would otherwise see all their holds run out together.
 */
export const firstHold = (
  { random, beginsAnywhere }: Pick<ClientContext, 'random' | 'beginsAnywhere'>,
  hold: Micros,
): Micros | undefined => (beginsAnywhere ? micros((1 - random()) * hold) : undefined)

/** Sends one request after the other. */
export class PollChain implements PushClient {
  readonly #asker: Asker
  readonly #pauseMs: number
  /** How long the first request is to be held, where that is not the hold itself. */
  #firstHoldMs: number | undefined
  #timer: NodeJS.Timeout | undefined
  #closed = false

  /** @param firstHold how long the first request is to be held, where that is not the hold itself */
  constructor(asker: Asker, { pause }: ChainSettings, firstHold?: Micros) {
    this.#asker = asker
    this.#pauseMs = toMilliseconds(pause)
    this.#firstHoldMs = firstHold === undefined ? undefined : Math.ceil(toMilliseconds(firstHold))
  }

  async connect(sink: ClientSink): Promise<void> {
    this.#closed = false
    // The first request is answered at once: it confirms the connection and brings what was missed.
    await this.#asker.ask(sink, '&hold=0')
    this.#next(sink)
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await this.#asker.close()
  }

  #next(sink: ClientSink): void {
    if (this.#closed) return
    if (this.#pauseMs === 0) void this.#ask(sink)
    else this.#timer = setTimeout(() => void this.#ask(sink), this.#pauseMs)
  }

  async #ask(sink: ClientSink): Promise<void> {
    const more = this.#firstHoldMs === undefined ? '' : `&hold=${this.#firstHoldMs}`
    this.#firstHoldMs = undefined
    try {
      await this.#asker.ask(sink, more)
    } catch (error) {
      if (!(error instanceof LossError)) throw error
      return sink.lost(error.loss)
    }
    this.#next(sink)
  }
}
