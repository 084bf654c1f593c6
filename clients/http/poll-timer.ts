/**
 * A request on a timer: what `polling`, `jsonp-polling` and `page-refresh` share. `fixed-rate` is a page's
 * setInterval, `fixed-delay` a setTimeout that is set again when the response has arrived.
 */
import {
  conflatedTimer,
  constantGap,
  type Prediction,
  type PredictionInputs,
  periodicTimer,
  requestCycle,
} from '../../model/closed-forms.ts'
import { choice, duration, type Values } from '../../model/settings.ts'
import type { ClientSink, ClientTechnique, PausableClient } from '../../model/technique.ts'
import { micros, milliseconds, toMilliseconds } from '../../model/units.ts'
import { reportLoss } from './loss.ts'
import { pollSilence, transit } from './silence.ts'

const timerSettings = {
  interval: duration('1s', 'time from one request to the next', '1ms'),
  timing: choice(
    ['fixed-rate', 'fixed-delay'],
    'count the interval from request to request, or from answer to request',
  ),
}

type TimerSettings = Values<typeof timerSettings>

/** Where a round trip takes longer than the interval, a page on a fixed rate skips ticks. */
const stretched = 1.05

/** The closed form of a timer: its gap is the interval, or where an answer takes longer, what the server saw. */
export function timerPrediction(
  { interval, timing }: TimerSettings,
  { arrivals, ratePerSecond, delivery, hold, gaps }: PredictionInputs,
): Prediction | null {
  if (hold === null) return null
  const onTime = timing === 'fixed-rate' && (gaps === null || gaps.mean <= stretched * interval)
  if (delivery === 'last-value') return onTime ? conflatedTimer(ratePerSecond, arrivals, interval) : null
  if (arrivals === 'periodic') return onTime ? periodicTimer(ratePerSecond, interval) : null
  if (onTime)
    return requestCycle('r = the interval', ratePerSecond, constantGap(interval, ratePerSecond), hold)
  return (
    gaps && requestCycle('r = the interval and a round trip, as the server saw it', ratePerSecond, gaps, hold)
  )
}

/** What all techniques on a timer declare; one with settings of its own adds them. */
export const timerTraits = {
  settings: timerSettings,
  verifySettings: { interval: milliseconds(5) },
  drain: ({ interval }) => micros(interval + transit),
  pauses: true,
  beginsAtRandomPhase: true,
  lookBack: ({ interval }) => interval,
  silence: ({ interval }) => pollSilence(interval),
  predict: timerPrediction,
} satisfies Omit<ClientTechnique<typeof timerSettings>, 'create'>

/** What a timer asks with. */
export interface Poller extends Pick<PausableClient, 'pause' | 'resume' | 'close'> {
  /** Asks once: resolves when the response is complete, rejects with a `LossError`. */
  ask(sink: ClientSink): Promise<void>
}

/** Polls on a timer. */
export class PollTimer implements PausableClient {
  readonly #poller: Poller
  readonly #intervalMs: number
  readonly #fixedRate: boolean
  readonly #phase: number
  #timer: NodeJS.Timeout | undefined
  #nextAt = 0
  #closed = false

  /** @param phase where in its interval this client begins, 0 to 1: users open a page when they please */
  constructor(poller: Poller, { interval, timing }: TimerSettings, phase: number) {
    this.#poller = poller
    this.#intervalMs = toMilliseconds(interval)
    this.#fixedRate = timing === 'fixed-rate'
    this.#phase = phase
  }

  async connect(sink: ClientSink): Promise<void> {
    this.#closed = false
    await this.#poller.ask(sink)
    this.#nextAt = performance.now() + this.#phase * this.#intervalMs
    this.#arm(sink)
  }

  pause(): void {
    this.#poller.pause()
  }

  resume(): void {
    this.#poller.resume()
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await this.#poller.close()
  }

  #arm(sink: ClientSink): void {
    if (this.#closed) return
    this.#timer = setTimeout(() => void this.#tick(sink), Math.max(0, this.#nextAt - performance.now()))
  }

  async #tick(sink: ClientSink): Promise<void> {
    try {
      await this.#poller.ask(sink)
    } catch (error) {
      return reportLoss(error, sink)
    }
    const now = performance.now()
    if (this.#fixedRate) {
      // A tick that falls due while a request is under way is left out, or answers could overtake each other.
      do this.#nextAt += this.#intervalMs
      while (this.#nextAt <= now)
    } else {
      this.#nextAt = now + this.#intervalMs
    }
    this.#arm(sink)
  }
}
