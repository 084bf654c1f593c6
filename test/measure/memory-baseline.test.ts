/** Memory per client is that of clients: what a server process needs without any is in its baseline. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { measureOnce } from '../../measure/run/run.ts'
import { milliseconds } from '../../model/units.ts'
import { builtIn, planOf } from './plan.ts'

/** What Node compiles and allocates for the first connection of all; the thread of a pacer alone takes 15 MB. */
const firstConnection = 6_000_000

test('one client does not grow the server by what the server needs without it', async () => {
  const plan = planOf(builtIn('websocket'), {
    clients: 1,
    ratePerSecond: 20,
    duration: milliseconds(500),
  })
  const grown = (await measureOnce(plan))?.server.rssBytesPerClient ?? Number.NaN
  assert.ok(grown < firstConnection, `${grown} bytes`)
})
