/** What a client process keeps of one client. */
import type { Instant } from '../../model/units.ts'
import { Ledger } from './ledger.ts'
import type { Account } from './missed-deliveries.ts'

export class ClientRecord implements Account {
  readonly ledger = new Ledger()
  readonly stream: number
  /** When the first attempt to connect began. */
  startedAt: Instant
  span: Account['span'] = null
  heldBack = 0
  /** The client is connected. */
  up = false
  away = false

  constructor(stream: number, startedAt: Instant) {
    this.stream = stream
    this.startedAt = startedAt
  }
}
