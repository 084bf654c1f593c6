/**
 * `server-push`: Netscape's server push of 1995. Each part of a `multipart/x-mixed-replace` response replaces the
 * page that is shown, so every event resends the page.
 */
import { serverTechnique } from '../model/technique.ts'
import { boundarySetting, endOfParts, part, startOfParts } from './http/multipart.ts'
import { assetRoutes, buildPage, pageSettings } from './http/page.ts'
import { filler, streamServer, streamTraits } from './http/stream.ts'

export const serverPush = serverTechnique({
  family: 'stream',
  summary: 'each part of an endless multipart response replaces the whole page that is shown',
  reference: 'Netscape, "An exploration of dynamic documents" (1995); RFC 2046 section 5.1',
  year: 1995,
  mechanism:
    'Each part of an endless multipart/x-mixed-replace response replaces the page, or the image, that is shown.',
  resendsPage: true,
  needs: {
    browser: 'multipart/x-mixed-replace for pages, which Chromium shows for images only',
    server: 'a response kept open for each client, so a server that needs no thread for each',
    proxy: 'no buffering of responses, and a read timeout above the heartbeat',
  },
  crossesOrigins: 'yes: it is a navigation or an image',
  errors: 'none: the last page stays on the screen',
  ...streamTraits,
  settings: { ...streamTraits.settings, ...pageSettings, boundary: boundarySetting },
  // A full page would slow down a suite that sends it byte by byte.
  verifySettings: { page: 1_024, assets: 1 },
  create(context, { boundary, page, assets, asset, cache, ...settings }) {
    const shown = buildPage({ page, assets })
    const replace = (events: string): string =>
      part(boundary, 'text/html; charset=utf-8', shown.withEvents(events))
    return streamServer(
      context,
      settings,
      {
        contentType: `multipart/x-mixed-replace; boundary="${boundary}"`,
        opening: padding => filler(padding, '', '\r\n') + startOfParts(boundary) + replace('[]'),
        frame: (_, text) => replace(`[${text}]`),
        // A part, be it empty, would replace the page; a line in the head of the next one shows nothing. RFC 2046
        // section 5.1: a field of a part that does not begin with Content- may be ignored.
        heartbeat: '\r\nX-Heartbeat: 1',
        // A part that was begun by a heartbeat must be a whole one.
        ending: last => (last === 'heartbeat' ? replace('[]') : '') + endOfParts,
      },
      { routes: assetRoutes({ assets, asset, cache }) },
    )
  },
  watch: url => `curl -sN '${url}' | grep --line-buffered -o '<script type="application/json".*'`,
})
