/** The registry of server halves. A technique is one line here and one in `clients/index.ts`. */
import type { ServerTechnique } from '../measure/technique.ts'
import { longPolling } from './long-polling.ts'
import { polling } from './polling.ts'
import { sse } from './sse.ts'
import { websocket } from './websocket.ts'

export const servers = {
  polling,
  'long-polling': longPolling,
  sse,
  websocket,
} satisfies Record<string, ServerTechnique>

/** The name of a technique: its file name, its CLI name and its name in results. */
export type Technique = keyof typeof servers

/** Where a server process finds this registry. */
export const serverModule = import.meta.url
