/** `xhr-streaming`: an endless XMLHttpRequest response, read while it comes, one event a line. */
import { clientTechnique } from '../model/technique.ts'
import { lineCutter } from './http/cutters.ts'
import { StreamClient, streamTraits } from './http/stream.ts'

export const xhrStreaming = clientTechnique({
  ...streamTraits,
  create: context =>
    new StreamClient(context, {
      initiator: 'fetch',
      contentType: /^text\/plain\s*(;|$)/i,
      cutter: lineCutter,
    }),
})
