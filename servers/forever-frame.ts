/**
 * `forever-frame`: a hidden iframe loads an endless page of script blocks, each of which calls its parent. A
 * browser runs a block as soon as its end tag has come.
 */
import { callbackSetting } from '../model/shared-settings.ts'
import { serverTechnique } from '../model/technique.ts'
import { callbackOf, scriptJson } from './http/script.ts'
import { filler, streamServer, streamTraits } from './http/stream.ts'

export const foreverFrame = serverTechnique({
  family: 'Comet, stream',
  summary: 'a hidden iframe loads an endless page of script blocks, each calling the page around it',
  reference:
    'van den Broecke, "Pushlets" (JavaWorld, 2000); Comet (Russell 2006); WHATWG HTML section 13.2 (parsing)',
  year: 2000,
  mechanism:
    'A hidden iframe loads a page that never ends; every event is a script block in it, run as soon as its end tag has come, that calls the page around it.',
  needs: {
    browser: 'iframes and progressive rendering; some run no script before 1 or 2 KiB have arrived',
    server: 'a response kept open for each client, so a server that needs no thread for each',
    proxy: 'no buffering of responses, and a read timeout above the heartbeat',
  },
  crossesOrigins: 'no: a frame may call its parent only within one origin (once eased by document.domain)',
  errors:
    'none reliable: a frame that broke off looks like one that has finished loading, so the page watches for heartbeats',
  ...streamTraits,
  settings: { ...streamTraits.settings, callback: callbackSetting },
  create: (context, { callback: usual, ...settings }) =>
    streamServer(
      context,
      settings,
      {
        contentType: 'text/html; charset=utf-8',
        // The blocks call one fixed name; the opening binds it to the callback that the parent asked for.
        opening: (padding, { query }) =>
          `<!doctype html><meta charset="utf-8"><script>var push=parent.${callbackOf(query, usual)}</script>\n${filler(padding, '<!--', '-->\n')}`,
        frame: (_, text) => `<script>push(${scriptJson(text)})</script>\n`,
        heartbeat: '<!-- -->\n',
      },
      { refuses: ({ query }) => callbackOf(query, usual) === null },
    ),
})
