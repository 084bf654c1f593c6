/** What a client process keeps of one client. */
import type { Overrun, PushEvent } from '../../model/event.ts'
import type { Loss } from '../../model/technique.ts'
import type { Instant } from '../../model/units.ts'
import { Ledger } from './ledger.ts'
import type { Recorder } from './recorder.ts'
import type { SessionObserver } from './session.ts'

/** One client's ledger, and the link from its session to the client process's recorder. */
export class ClientRecord implements SessionObserver {
  readonly ledger = new Ledger()
  readonly stream: number
  /** When the first attempt to connect began. */
  startedAt: Instant
  /** The events of this client's stream that are due in the window; null while there are none. */
  span: { readonly first: number; readonly last: number } | null = null
  /** Events of the span that came only when the buffer of the link was let go. */
  heldBack = 0
  readonly #recorder: Recorder
  #up = false

  constructor(recorder: Recorder, stream: number) {
    this.#recorder = recorder
    this.stream = stream
    this.startedAt = recorder.now()
  }

  attempt(): void {
    this.#recorder.reconnects.attempt()
  }

  moves(): void {
    this.#recorder.reconnects.moves(this)
  }

  moved(): void {
    this.#recorder.reconnects.moved(this)
  }

  event(event: PushEvent, receivedAt?: Instant): void {
    this.#recorder.event(this, event, receivedAt)
  }

  overrun(overrun: Overrun): void {
    this.#recorder.overrun(this, overrun)
  }

  response(empty: boolean): void {
    this.#recorder.response(empty)
  }

  up(again: boolean): void {
    this.#up = true
    this.#recorder.up(this, again)
  }

  down(loss: Loss): void {
    this.#recorder.down(this, this.#up, loss)
    this.#up = false
  }
}
