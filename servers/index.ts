/**
 * The registry of server adapters. A technique is one line here and one in `clients/index.ts`. An adapter takes events
 * and writes them to its clients; it imports `model` and the bases in `http/`. Only `plan`, `reports` and `bin`
 * look an adapter up; the rest is handed one.
 */
import type { ServerTechnique } from '../model/technique.ts'
import { busyPolling } from './busy-polling.ts'
import { fetchStreaming } from './fetch-streaming.ts'
import { foreverFrame } from './forever-frame.ts'
import { jsonpPolling } from './jsonp-polling.ts'
import { longPolling } from './long-polling.ts'
import { multipartXhr } from './multipart-xhr.ts'
import { pageRefresh } from './page-refresh.ts'
import { pageStreaming } from './page-streaming.ts'
import { piggyback } from './piggyback.ts'
import { polling } from './polling.ts'
import { scriptLongPolling } from './script-long-polling.ts'
import { serverPush } from './server-push.ts'
import { sse } from './sse.ts'
import { websocket } from './websocket.ts'
import { xhrStreaming } from './xhr-streaming.ts'

export const servers = {
  'page-refresh': pageRefresh,
  'busy-polling': busyPolling,
  polling,
  'jsonp-polling': jsonpPolling,
  piggyback,
  'long-polling': longPolling,
  'script-long-polling': scriptLongPolling,
  'forever-frame': foreverFrame,
  'page-streaming': pageStreaming,
  'xhr-streaming': xhrStreaming,
  'multipart-xhr': multipartXhr,
  'server-push': serverPush,
  sse,
  'fetch-streaming': fetchStreaming,
  websocket,
} satisfies Record<string, ServerTechnique>

/** The name of a technique: its file name, its CLI name and its name in results. */
export type Technique = keyof typeof servers

/** Where a server process finds this registry. */
export const serverModule = import.meta.url
