/** How the failures of connections become losses: the closed list of causes that results count. */

import { type Loss, type LossCause, LossError } from '../../model/loss.ts'
import type { ClientSink } from '../../model/technique.ts'

const causes: Readonly<Record<string, LossCause>> = {
  ECONNREFUSED: 'refused',
  // No route to the server, or no local port left: there was no connection either.
  EHOSTUNREACH: 'refused',
  ENETUNREACH: 'refused',
  EADDRNOTAVAIL: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  UND_ERR_SOCKET: 'reset',
  // The body broke off before the length that its head announced.
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'reset',
  ETIMEDOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
}

/** Any error of a connection as a loss. An unknown error counts as a breach of the protocol. */
export function lossOf(error: unknown): Loss {
  if (error instanceof LossError) return error.loss
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const detail = error instanceof Error ? error.message : String(error)
  return { cause: causes[code] ?? 'protocol', detail }
}

/** How a connection ends when its server asks the client to reconnect later. */
export const sentAway: Loss = { cause: 'closed', detail: 'the server asks the client to reconnect later' }

/** Reports a request that failed as a loss of the connection. Any other error is a defect, and is thrown again. */
export function reportLoss(error: unknown, sink: ClientSink): void {
  if (!(error instanceof LossError)) throw error
  sink.lost(error.loss)
}
