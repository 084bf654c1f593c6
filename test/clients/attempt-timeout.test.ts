/** An attempt to connect that gets no answer: the session's patience ends it, and nothing else. */
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import net, { Socket } from 'node:net'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { clients } from '../../clients/index.ts'
import { Session } from '../../measure/fleet/session.ts'
import { backoffOf } from '../../model/backoff.ts'
import type { Loss } from '../../model/loss.ts'
import { defaults } from '../../model/settings.ts'
import { seconds } from '../../model/units.ts'

/** undici's own clock, which moves in steps of adapter a second; `tick` is there for tests. */
const undiciTimers: { tick(milliseconds: number): void } = createRequire(import.meta.url)(
  'undici/lib/util/timers.js',
)

for (const technique of ['sse', 'long-polling', 'fetch-streaming', 'websocket'] as const) {
  test(`${technique}: a connection that does not come about is given up after the attempt timeout, not before`, async t => {
    // Sockets of a server whose listen queue is full: their SYN is never answered.
    const sockets: Socket[] = []
    const unanswered = (): Socket => {
      const socket = Object.defineProperty(new Socket(), 'connecting', { value: true, writable: true })
      sockets.push(socket)
      return socket
    }
    for (const name of ['connect', 'createConnection'] as const) t.mock.method(net, name, unanswered)
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const adapter = clients[technique]
    const losses: Loss[] = []
    const random = () => 0.5
    const session = new Session(
      adapter.create(
        { url: new URL('http://127.0.0.1:9/events?stream=0'), headers: 'minimal', random },
        defaults(adapter.settings) as never,
      ),
      { backoff: backoffOf('fixed'), random, attemptTimeout: seconds(25) },
      {
        attempt() {},
        event() {},
        overrun() {},
        response() {},
        opens() {},
        moves() {},
        moved() {},
        up: () => assert.fail('nobody answers'),
        down: (_, loss) => losses.push(loss),
      },
      null,
    )
    const pass = async (milliseconds: number): Promise<void> => {
      for (let passed = 0; passed < milliseconds; passed += 500) {
        t.mock.timers.tick(500)
        undiciTimers.tick(500)
        await turn()
      }
    }
    void session.start()
    await pass(24_500)
    assert.equal(sockets.length, 1, 'one attempt is under way')
    assert.deepEqual(losses, [])
    await pass(1_000)
    assert.deepEqual(losses, [{ cause: 'timeout', detail: 'no connection within 25 s' }])
    await session.close()
  })
}
