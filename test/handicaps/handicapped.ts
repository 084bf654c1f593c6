/** The built-in server of `sse` as a module for `--server`, with its publishing changed. */
import { defineServer, type OwnServer } from '../../model/server-module.ts'
import type { PushServer } from '../../model/technique.ts'
import { sse } from '../../servers/sse.ts'

type Publish = PushServer['publish']

/** @param change what becomes of the publishing of the built-in server */
export const handicapped = (change: (publish: Publish) => Publish): OwnServer =>
  defineServer({
    technique: 'sse',
    settings: sse.settings,
    create(context, settings) {
      const server = sse.create(context, settings)
      const publish = change((stream, event) => server.publish(stream, event))
      return {
        listen: address => server.listen(address),
        publish,
        close: () => server.close(),
        get subscribers() {
          return server.subscribers
        },
      }
    },
  })
