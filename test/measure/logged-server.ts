/** A server of a user's own for tests: the log and the stream of our `sse`, behind the contract of a module. */
import { defineServer } from '../../index.ts'
import { sse } from '../../servers/sse.ts'

export default defineServer({
  technique: 'sse',
  settings: sse.settings,
  supports: ['accept-rate', 'drain'],
  create: sse.create,
})
