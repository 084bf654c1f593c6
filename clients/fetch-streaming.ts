/** `fetch-streaming`: newline-delimited JSON, read from the `ReadableStream` of a fetch. */
import { clientTechnique } from '../model/technique.ts'
import { lineCutter } from './http/cutters.ts'
import { StreamClient, streamTraits } from './http/stream.ts'

export const fetchStreaming = clientTechnique({
  ...streamTraits,
  create: context =>
    new StreamClient(context, {
      initiator: 'fetch',
      contentType: /^application\/x-ndjson\s*(;|$)/i,
      cutter: lineCutter,
    }),
})
