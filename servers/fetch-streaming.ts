/**
 * `fetch-streaming`: newline-delimited JSON that a page reads off the `ReadableStream` of a fetch.
 */
import { serverTechnique } from '../measure/technique.ts'
import { closedFormLifetime, filler, streamServer, streamSettings } from './stream.ts'

export const fetchStreaming = serverTechnique({
  family: 'modern stream',
  summary: 'newline-delimited JSON, read from the ReadableStream of a fetch',
  reference: 'WHATWG Fetch section 5.2, WHATWG Streams; NDJSON',
  settings: streamSettings,
  create: (context, settings) =>
    streamServer(context, settings, {
      contentType: 'application/x-ndjson',
      opening: padding => filler(padding, '', '\n'),
      frame: (_, text) => `${text}\n`,
      heartbeat: '\n',
    }),
  hold: settings => closedFormLifetime(settings),
  heartbeat: ({ heartbeat }) => heartbeat,
  watch: url => `curl -N '${url}'`,
})
