/**
 * A request as soon as the last was answered: what `long-polling`, `script-long-polling` and `busy-polling` share.
 */
import { type Prediction, type PredictionInputs, requestCycle } from '../../model/closed-forms.ts'
import { duration, type Values } from '../../model/settings.ts'
import type { ClientContext, ClientSink, ClientTechnique, PausableClient } from '../../model/technique.ts'
import { type Micros, micros, toMilliseconds } from '../../model/units.ts'
import type { Asker } from './asking.ts'
import { reportLoss } from './loss.ts'
import { holdIdle, holdSettings, pollSilence, transit } from './silence.ts'

export const chainSettings = {
  pause: duration('0', 'time between an answer and the next request; 0 asks again at once'),
}

type ChainSettings = Values<typeof chainSettings>

/** The closed form of a chain, with the gaps that the server saw. */
const chainPrediction = (
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

/** What all techniques of a chain declare; one that holds requests takes {@link heldTraits}. */
export const chainTraits = {
  settings: chainSettings,
  pauses: true,
  drain: ({ pause }) => micros(pause + transit),
  lookBack: ({ pause }) => pause,
  silence: ({ pause }) => pollSilence(pause),
  predict: chainPrediction,
} satisfies Omit<ClientTechnique<typeof chainSettings>, 'create'>

const heldSettings = { ...chainSettings, ...holdSettings }

/** What all techniques declare whose requests are held, one after the other. */
export const heldTraits = {
  ...chainTraits,
  settings: heldSettings,
  idle: holdIdle,
  silence: ({ pause, hold }) => pollSilence(micros(pause + hold)),
} satisfies Omit<ClientTechnique<typeof heldSettings>, 'create'>

/**
 * How long the first request of a client is held: a random part of the hold where the run asks for it, the whole hold
 * elsewhere. Clients that connect together would otherwise see all their holds run out together.
 */
export const firstHold = (
  { random, beginsAnywhere }: Pick<ClientContext, 'random' | 'beginsAnywhere'>,
  hold: Micros,
): Micros | undefined => (beginsAnywhere ? micros((1 - random()) * hold) : undefined)

/** Sends one request after the other. */
export class PollChain implements PausableClient {
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
      return reportLoss(error, sink)
    }
    this.#next(sink)
  }
}
