/** The shell line by which a person watches a server, for every technique by its name. */
import assert from 'node:assert/strict'
import { dirname } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { techniques } from '../../index.ts'
import type { ServerTechnique } from '../../model/technique.ts'
import { servers } from '../../servers/index.ts'
import { findOlderNode } from '../bin/older-node.ts'
import { eventLinesOf } from '../bin/shell-line.ts'
import { type Served, serve } from '../served.ts'

/** A server that publishes all the time. */
async function publishing(t: TestContext, adapter: ServerTechnique): Promise<Served> {
  const served = await serve(t, adapter)
  let seq = 0
  const timer = setInterval(() => served.publish(++seq), 20)
  t.after(() => clearInterval(timer))
  return served
}

const seqsOf = (lines: readonly string[]): number[] =>
  [...lines.join('\n').matchAll(/\[(\d+),\d+,\d+,"payload /g)].map(([, seq]) => Number(seq))

describe('the line to watch a server with shows every event, and each once', { concurrency: 4 }, () => {
  for (const technique of techniques) {
    test(technique, async t => {
      const adapter: ServerTechnique = servers[technique] as ServerTechnique
      const { url } = await publishing(t, adapter)
      const seqs = seqsOf(await eventLinesOf(adapter.watch(url), 3))
      assert.ok(seqs.length >= 3, `${seqs}`)
      assert.deepEqual(
        seqs,
        seqs.map((_, index) => (seqs[0] ?? Number.NaN) + index),
      )
    })
  }
})

const older = findOlderNode()
test('the line of websocket works on a Node.js that is too old for pushbench', {
  skip: older === undefined && 'there is no Node.js before 24 here',
}, async t => {
  const { url } = await publishing(t, servers.websocket as ServerTechnique)
  const PATH = `${dirname(older ?? '')}:${process.env['PATH']}`
  const lines = await eventLinesOf(servers.websocket.watch(url), 3, { ...process.env, PATH })
  assert.ok(seqsOf(lines).length >= 3)
})

test('a loop ends with its server', async t => {
  const { url, server, publish } = await serve(t, servers.polling as ServerTechnique)
  publish(1)
  const watching = eventLinesOf(servers.polling.watch(url), 2)
  await new Promise(resolve => setTimeout(resolve, 300))
  await server.close()
  assert.deepEqual(seqsOf(await watching), [1])
})
