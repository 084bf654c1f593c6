/**
 * `forever-frame`: a hidden iframe loads an endless page of script blocks, each of which calls its parent. A
 * browser runs a block as soon as its end tag has come.
 */
import { serverTechnique } from '../measure/technique.ts'
import { callbackOf, callbackSetting, scriptJson } from './script.ts'
import { closedFormLifetime, filler, streamServer, streamSettings } from './stream.ts'

export const foreverFrame = serverTechnique({
  family: 'Comet, stream',
  summary: 'a hidden iframe loads an endless page of script blocks, each calling the page around it',
  reference: 'Comet (Russell 2006); WHATWG HTML section 13.2 (parsing)',
  settings: { ...streamSettings, callback: callbackSetting('pushbench') },
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
  hold: settings => closedFormLifetime(settings),
  heartbeat: ({ heartbeat }) => heartbeat,
  watch: url => `curl -N '${url}'`,
})
