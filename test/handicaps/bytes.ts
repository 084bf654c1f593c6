/** Every event is sent with a comment of 30 bytes, its line end included. */
import { defineServer } from '../../model/server-module.ts'
import { filler, streamServer } from '../../servers/http/stream.ts'
import { sse } from '../../servers/sse.ts'

const comment = `:${'x'.repeat(28)}\n`

export default defineServer({
  technique: 'sse',
  settings: sse.settings,
  create: (context, settings) =>
    streamServer(context, settings as Parameters<typeof sse.create>[1], {
      contentType: 'text/event-stream',
      opening: padding => filler(padding, ':', '\n\n'),
      frame: (seq, text) => `id: ${seq}\ndata: ${text}\n${comment}\n`,
      heartbeat: ':\n\n',
      farewell: () => '',
    }),
})
