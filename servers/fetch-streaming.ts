/**
 * `fetch-streaming`: newline-delimited JSON that a page reads off the `ReadableStream` of a fetch.
 */
import { serverTechnique } from '../model/technique.ts'
import { filler, streamServer, streamTraits } from './http/stream.ts'

export const fetchStreaming = serverTechnique({
  family: 'modern stream',
  summary: 'newline-delimited JSON, read from the ReadableStream of a fetch',
  reference: 'WHATWG Fetch section 5.2, WHATWG Streams; NDJSON',
  year: 2015,
  mechanism:
    'A script reads the ReadableStream of a fetch response chunk by chunk; a line end divides the events.',
  needs: {
    browser: 'fetch with streamed bodies (every browser since 2019)',
    server: 'a response kept open for each client, so a server that needs no thread for each',
    proxy: 'no buffering of responses, and a read timeout above the heartbeat',
  },
  crossesOrigins: 'with CORS: the response must carry Access-Control-Allow-Origin',
  errors: 'the promise of the fetch or of the next read rejects; a status is seen before the first byte',
  ...streamTraits,
  create: (context, settings) =>
    streamServer(context, settings, {
      contentType: 'application/x-ndjson',
      opening: padding => filler(padding, '', '\n'),
      frame: (_, text) => `${text}\n`,
      heartbeat: '\n',
    }),
})
