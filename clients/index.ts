/**
 * The registry of client adapters, one for each server adapter; the compiler refuses a missing or a surplus one. An
 * adapter connects, reads the wire and reports to its sink; it imports `model` and the bases in `http/`.
 */
import type { ClientTechnique } from '../model/technique.ts'
import type { Technique } from '../servers/index.ts'
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

export const clients = {
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
} satisfies Record<Technique, ClientTechnique>

/** Where a client process finds this registry. */
export const clientModule = import.meta.url
