/** The example of a server module runs as its README says, through the real command. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { parseResult, subjectName } from '../../results/result.ts'
import { cli, temporaryFolder } from '../bin/cli.ts'

const folder = fileURLToPath(new URL('../../examples/express-better-sse', import.meta.url))

test('the Express server with better-sse loses nothing, next to the built-in server of its technique', async t => {
  const output = temporaryFolder(t)
  const words = 'run --server ./server.ts -t sse -c 10 -R 20/s -W 200ms -d 1s --audience rooms:3 -q'
  const { code, stderr } = await cli([...words.split(' '), '--output', output], { cwd: folder })
  assert.equal(code, 0, stderr)
  const { measurements } = parseResult(readFileSync(join(output, 'results.json'), 'utf8'), 'the result')
  assert.deepEqual(measurements.map(subjectName), ['sse', 'sse · ./server.ts'])
  for (const { events, bytes, server, failures } of measurements) {
    assert.deepEqual(failures, [])
    assert.ok(events.delivered > 0)
    assert.equal(events.delivered, events.expected)
    assert.ok((bytes.perDelivery ?? 0) > 128, 'an event has its payload and a frame')
    assert.ok(server.cpuSeconds !== null && server.rssBytes !== null)
  }
})
