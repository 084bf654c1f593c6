import assert from 'node:assert/strict'
import { test } from 'node:test'
import { measureSlowReaders } from '../../bench/slow-readers.ts'
import { streams } from '../streams.ts'

/** Every HTTP stream is fed by the same code; `npm run bench -- slow` measures them at size. */
const beside: readonly string[] = ['sse', 'forever-frame', 'multipart-xhr']

for (const { technique, server, client } of streams.filter(each => beside.includes(each.technique))) {
  test(`ten slow readers among a hundred of ${technique} leave the others' p99 within twice`, async () => {
    const load = { brisk: 90, slow: 10, events: 40, everyMs: 8 }
    // The 99th percentile of a short measurement is that of its few worst moments: one in three that is quiet is enough.
    const tried: string[] = []
    for (let attempt = 0; attempt < 3; attempt++) {
      const { beside: p99, alone, lost } = await measureSlowReaders(server, client, load)
      assert.equal(lost, 0)
      if (p99 <= 2 * alone) return
      tried.push(`${p99} us beside them, ${alone} us without`)
    }
    assert.fail(tried.join('; '))
  })
}
