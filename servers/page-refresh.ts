/**
 * `page-refresh`: the page-by-page model. The whole page is loaded again on a timer (meta refresh), with everything
 * that did not change.
 */
import { zero } from '../model/settings.ts'
import { serverTechnique } from '../model/technique.ts'
import { Host } from './http/host.ts'
import { assetRoutes, buildPage, pageSettings } from './http/page.ts'
import type { Envelope } from './http/transport.ts'
import { askingLine } from './http/watch-line.ts'

export const pageRefresh = serverTechnique({
  family: 'pull',
  summary: 'the whole page is loaded again on a timer, including everything that did not change',
  reference:
    'Netscape, "An exploration of dynamic documents" (1995), client pull; WHATWG HTML section 4.2.5.3 (refresh)',
  year: 1995,
  mechanism:
    'The page asks to be loaded again after a while (meta refresh); each load brings the page with the events in it, and the files that the cache does not keep.',
  resendsPage: true,
  needs: {
    browser: 'any',
    server: 'any: each load is a page like the first',
    proxy: 'nothing; Cache-Control: no-store, or a cache answers with the old page',
  },
  crossesOrigins: 'yes: it is a navigation',
  errors: "the user sees the browser's error page, and the refreshing stops",
  settings: pageSettings,
  // A full page would slow down a suite that sends it byte by byte.
  verifySettings: { page: 1_024, assets: 1 },
  create(context, settings) {
    const page = buildPage(settings)
    const envelope: Envelope = {
      contentType: 'text/html; charset=utf-8',
      body: texts => page.withEvents(`[${texts.join(',')}]`),
    }
    return new Host<never>(context, host => ({
      routes: assetRoutes(settings),
      request: ({ topic, cursor }, response) => host.answer(response, topic, cursor, { envelope }),
    }))
  },
  hold: () => zero,
  watch: url => askingLine(url, { pauseSeconds: 1, inPage: true }),
})
