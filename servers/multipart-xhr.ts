/**
 * `multipart-xhr`: an endless `multipart/x-mixed-replace` response, one part an event, read by script.
 */
import { serverTechnique } from '../measure/technique.ts'
import { boundarySetting, part, startOfParts } from './multipart.ts'
import { closedFormLifetime, filler, streamServer, streamSettings } from './stream.ts'

export const multipartXhr = serverTechnique({
  family: 'Comet, stream',
  summary: 'an endless multipart/x-mixed-replace response, one part an event, read by script',
  reference: 'RFC 2046 section 5.1; Netscape, "An exploration of dynamic documents" (1995)',
  settings: { ...streamSettings, boundary: boundarySetting },
  create: (context, { boundary, ...settings }) =>
    streamServer(context, settings, {
      contentType: `multipart/x-mixed-replace; boundary="${boundary}"`,
      // RFC 2046 section 5.1.1: what comes before the first boundary is a preamble and ignored.
      opening: padding => filler(padding, '', '\r\n') + startOfParts(boundary),
      frame: (_, text) => part(boundary, 'application/json', text),
      heartbeat: part(boundary, 'application/json', ''),
      ending: '--\r\n',
    }),
  hold: settings => closedFormLifetime(settings),
  heartbeat: ({ heartbeat }) => heartbeat,
  watch: url => `curl -N '${url}'`,
})
