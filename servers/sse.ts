/**
 * `sse`: an endless `text/event-stream` response (WHATWG HTML section 9.2, server-sent events). A client
 * that reconnects sends the id of the last event it saw and gets what it missed.
 */
import { duration } from '../model/settings.ts'
import { serverTechnique } from '../model/technique.ts'
import { type Micros, toMilliseconds } from '../model/units.ts'
import { filler, streamServer, streamTraits } from './http/stream.ts'

/** Sets the reconnect delay of an EventSource. */
const retryField = (delay: Micros): string => `retry: ${Math.round(toMilliseconds(delay))}\n\n`

export const sse = serverTechnique({
  family: 'modern stream',
  summary: 'one endless text/event-stream response, read by EventSource; resumes by Last-Event-ID',
  reference: 'WHATWG HTML section 9.2 Server-sent events (first shipped by Opera 9, 2006)',
  year: 2006,
  mechanism:
    'EventSource reads an endless text/event-stream response; it reconnects by itself and names the last event it saw in Last-Event-ID.',
  needs: {
    browser: 'EventSource (every browser since 2020); one of the 6 HTTP/1.1 connections per host',
    server: 'a response kept open for each client, so a server that needs no thread for each',
    proxy: 'no buffering of responses, and a read timeout above the heartbeat',
  },
  crossesOrigins: 'with CORS: the response must carry Access-Control-Allow-Origin',
  errors:
    'the error event, without a status; the browser reconnects after about 3 s unless retry: says otherwise, and gives up at any status but 200',
  ...streamTraits,
  settings: {
    ...streamTraits.settings,
    retry: duration(
      '0',
      'the reconnect delay that the server asks for by retry:; 0 sends none, browsers then take about 3 s',
    ),
  },
  create: (context, { retry, ...settings }) =>
    streamServer(context, settings, {
      contentType: 'text/event-stream',
      opening: padding => filler(padding, ':', '\n\n') + (retry > 0 ? retryField(retry) : ''),
      // An event's text is JSON on one line, so one `data:` line carries it; `id:` is what Last-Event-ID returns.
      frame: (seq, text) => `id: ${seq}\ndata: ${text}\n\n`,
      heartbeat: ':\n\n',
      farewell: retryField,
    }),
})
