/** How connections end. A client adapter reports a loss, or rejects with one; results count them by cause. */

/** Why a connection ended. Failures are counted results, not exceptions. */
export type LossCause = 'refused' | 'reset' | 'timeout' | 'protocol' | 'status' | 'closed'

/** A lost connection. `closed` is an orderly end by the server and no error. */
export interface Loss {
  readonly cause: LossCause
  /** For a person who reads a failure; never parsed. */
  readonly detail: string
  /** True where a stream ended in order and its connection may still stand: then only what follows shows a loss. */
  readonly streamEnded?: true
}

/** A connect that failed. */
export class LossError extends Error {
  readonly loss: Loss
  constructor(loss: Loss) {
    super(loss.detail)
    this.loss = loss
  }
}
