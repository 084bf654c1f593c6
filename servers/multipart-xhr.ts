/**
 * `multipart-xhr`: an endless `multipart/x-mixed-replace` response, one part an event, read by script.
 */
import { serverTechnique } from '../model/technique.ts'
import { boundarySetting, endOfParts, part, startOfParts } from './http/multipart.ts'
import { filler, streamServer, streamTraits } from './http/stream.ts'

export const multipartXhr = serverTechnique({
  family: 'Comet, stream',
  summary: 'an endless multipart/x-mixed-replace response, one part an event, read by script',
  reference: 'RFC 2046 section 5.1; Netscape, "An exploration of dynamic documents" (1995)',
  year: 2006,
  mechanism:
    'A script reads an endless multipart/x-mixed-replace response; each part is an event, complete when the next boundary has come.',
  needs: {
    browser:
      'XMLHttpRequest with progressive responseText, which reaches the script as raw text; Firefox before 22 split the parts itself',
    server: 'a response kept open for each client, so a server that needs no thread for each',
    proxy: 'no buffering of responses, and a read timeout above the heartbeat',
  },
  crossesOrigins: 'with CORS: the response must carry Access-Control-Allow-Origin',
  errors:
    'the request fails with a status or an error event; a stream that is silent shows nothing but the lack of heartbeats',
  ...streamTraits,
  settings: { ...streamTraits.settings, boundary: boundarySetting },
  create(context, { boundary, ...settings }) {
    const nothing = part(boundary, 'application/json', '')
    return streamServer(context, settings, {
      contentType: `multipart/x-mixed-replace; boundary="${boundary}"`,
      // RFC 2046 section 5.1.1: what comes before the first boundary is a preamble and ignored.
      opening: padding => filler(padding, '', '\r\n') + startOfParts(boundary),
      frame: (_, text) => part(boundary, 'application/json', text),
      heartbeat: nothing,
      // RFC 2046 section 5.1.1: a body has at least one part.
      ending: last => (last === 'opening' ? nothing : '') + endOfParts,
    })
  },
})
