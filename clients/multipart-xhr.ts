/** `multipart-xhr`: an endless multipart response, one part an event, taken apart by script. */
import { clientTechnique } from '../model/technique.ts'
import { partCutter } from './http/cutters.ts'
import { StreamClient, streamTraits } from './http/stream.ts'

export const multipartXhr = clientTechnique({
  ...streamTraits,
  create: context =>
    new StreamClient(context, {
      initiator: 'fetch',
      contentType: /^multipart\/x-mixed-replace\s*;/i,
      cutter: partCutter,
    }),
})
