/**
 * `xhr-streaming`: an endless response that a page reads off an XMLHttpRequest at readyState 3. HTTP chunks are
 * not message boundaries (RFC 6202 section 3.2); line ends are.
 */
import { serverTechnique } from '../model/technique.ts'
import { filler, streamServer, streamTraits } from './http/stream.ts'

export const xhrStreaming = serverTechnique({
  family: 'Comet, stream',
  summary: 'an endless XMLHttpRequest response, read while it comes; one event a line',
  reference:
    'Mahemoff, "Ajax Design Patterns" (2006), HTTP Streaming; RFC 6202 section 3; WHATWG XMLHttpRequest section 3.6',
  year: 2006,
  mechanism:
    'A script reads the response of an XMLHttpRequest at readyState 3, while it comes; a line end divides the events.',
  needs: {
    browser:
      'XMLHttpRequest with progressive responseText; it keeps all text received, so streams are renewed',
    server:
      'a response kept open for each client, so a server that needs no thread for each; X-Content-Type-Options: nosniff, or 1 KiB of padding',
    proxy: 'no buffering of responses, and a read timeout above the heartbeat',
  },
  crossesOrigins: 'with CORS: the response must carry Access-Control-Allow-Origin',
  errors:
    'the request fails with a status or an error event; a stream that is silent shows nothing but the lack of heartbeats',
  ...streamTraits,
  create: (context, settings) =>
    streamServer(context, settings, {
      contentType: 'text/plain; charset=utf-8',
      // Chromium holds text/plain back to guess its type until 1 KiB has come, unless a header forbids it.
      headers: { 'X-Content-Type-Options': 'nosniff' },
      // Chromium 153 shows such a response to its XMLHttpRequest only with the first byte of the body.
      opening: padding => filler(padding, '', '\n') || '\n',
      frame: (_, text) => `${text}\n`,
      heartbeat: '\n',
    }),
})
