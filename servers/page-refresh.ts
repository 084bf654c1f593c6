/**
 * `page-refresh`: the page-by-page model. The whole page is loaded again on a timer (meta refresh), with
 * everything in it that did not change.
 */
import { none } from '../measure/settings.ts'
import { serverTechnique } from '../measure/technique.ts'
import { type Envelope, Host } from './host.ts'
import { assetRoutes, buildPage, pageSettings } from './page.ts'

export const pageRefresh = serverTechnique({
  family: 'pull',
  summary: 'the whole page is loaded again on a timer, with all that did not change',
  reference: 'WHATWG HTML section 4.2.5.3 (refresh); the page-by-page model of the Web',
  settings: pageSettings,
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
  hold: () => none,
  watch: url => `while sleep 1; do curl -s '${url}' | grep -o '<script type="application/json".*'; done`,
})
