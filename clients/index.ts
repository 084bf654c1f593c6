/** The registry of client halves, one for each server half; the compiler refuses a missing or a surplus one. */
import type { ClientTechnique } from '../measure/technique.ts'
import type { Technique } from '../servers/index.ts'
import { longPolling } from './long-polling.ts'
import { polling } from './polling.ts'
import { sse } from './sse.ts'
import { websocket } from './websocket.ts'

export const clients = {
  polling,
  'long-polling': longPolling,
  sse,
  websocket,
} satisfies Record<Technique, ClientTechnique>

/** Where a shard finds this registry. */
export const clientModule = import.meta.url
