/**
 * `page-streaming`: the page itself never ends; script blocks that change it keep arriving after its content.
 */
import { callbackSetting } from '../model/shared-settings.ts'
import { serverTechnique } from '../model/technique.ts'
import { buildPage, pageSettings } from './http/page.ts'
import { callbackOf, scriptJson } from './http/script.ts'
import { filler, streamServer, streamTraits } from './http/stream.ts'

export const pageStreaming = serverTechnique({
  family: 'Comet, stream',
  summary: 'the page itself never ends; script blocks that change it keep arriving',
  reference:
    'Mahemoff, "Ajax Design Patterns" (2006), HTTP Streaming; RFC 6202 section 3; WHATWG HTML section 13.2 (parsing)',
  year: 2006,
  mechanism: 'The page itself never ends: after its content, script blocks that change it keep arriving.',
  needs: {
    browser: 'progressive rendering; some run no script before 1 or 2 KiB have arrived',
    server: 'a response kept open for each client, so a server that needs no thread for each',
    proxy: 'no buffering of responses, and a read timeout above the heartbeat',
  },
  crossesOrigins: 'no: it is the page itself',
  errors: 'none: the page stops changing, and only loading it again makes a new stream',
  ...streamTraits,
  settings: { ...streamTraits.settings, page: pageSettings.page, callback: callbackSetting },
  // A full page would slow down a suite that sends it byte by byte.
  verifySettings: { page: 1_024 },
  create(context, { callback: usual, page, ...settings }) {
    const { opening } = buildPage({ page, assets: 0 })
    return streamServer(
      context,
      settings,
      {
        contentType: 'text/html; charset=utf-8',
        opening: (padding, { query }) =>
          `${opening}<script>var push=(${callbackLookup(callbackOf(query, usual) ?? usual)})</script>\n${filler(padding, '<!--', '-->\n')}`,
        frame: (_, text) => `<script>push(${scriptJson(text)})</script>\n`,
        heartbeat: '<!-- -->\n',
      },
      {
        refuses: ({ query }) => callbackOf(query, usual) === null,
      },
    )
  },
})

/** The page's own function; until the page has defined it, events are shown as text. */
const callbackLookup = (callback: string): string =>
  `function(event){typeof window.${callback.replaceAll('.', '?.')}==="function"?window.${callback}(event):document.body.append(JSON.stringify(event),document.createElement("br"))}`
