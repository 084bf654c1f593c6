/** Clients that take nothing must not delay the others. `npm run bench -- slow` measures it at size. */
import assert from 'node:assert/strict'
import { measureSlowReaders } from '../../bench/slow-readers.ts'
import type { ServerTechnique } from '../../model/technique.ts'
import { faulty } from '../faulty.ts'
import { live } from '../live.ts'
import { streams } from '../streams.ts'

/** Every HTTP stream is fed by the same code. */
const measured: readonly string[] = ['sse', 'forever-frame', 'multipart-xhr']

/** The first server that is made, which is the one with slow readers, is late. */
function firstLate(server: ServerTechnique, lateMs: number): ServerTechnique {
  let first = true
  return {
    ...server,
    create(context, settings) {
      const made = (first ? faulty(server, { lateMs }) : server).create(context, settings)
      first = false
      return made
    },
  }
}

for (const { technique, server, client } of streams.filter(each => measured.includes(each.technique))) {
  live<number>(`ten slow readers among a hundred of ${technique} leave the others' p99 within twice`, {
    async property(lateMs) {
      const load = { brisk: 90, slow: 10, events: 40, everyMs: 8 }
      const measuredServer = lateMs === undefined ? server : firstLate(server, lateMs)
      const { withSlow, alone, lost } = await measureSlowReaders(measuredServer, client, load)
      assert.equal(lost, 0)
      assert.ok(withSlow <= 2 * alone, `p99 ${withSlow} us with slow readers, ${alone} us without`)
    },
    planted: { fault: 60, is: 'a server that is 60 ms late where some read slowly', shows: /^p99/ },
  })
}
