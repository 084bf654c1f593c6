/** The example of a target runs as its README says, through the real command, where nginx has its nchan module. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { parseResult, subjectName } from '../../results/result.ts'
import { cli, temporaryFolder } from '../bin/cli.ts'
import { nchanMissing } from '../interop/nchan.ts'
import { eventually } from '../served.ts'

const configuration = fileURLToPath(new URL('../../examples/nginx-nchan/nginx.conf', import.meta.url))

for (const technique of ['sse', 'websocket']) {
  test(`nginx with nchan loses nothing over ${technique}`, { skip: nchanMissing }, async t => {
    const { origin, pid } = await startExample(t)
    const output = temporaryFolder(t)
    const target = `${origin}/${technique}`
    const words = `run -t ${technique} -c 10 -R 20/s -W 200ms -d 1s --audience rooms:3 -q`
    const { code, stderr } = await cli([
      ...words.split(' '),
      ...['--target', target, '--publish', `${origin}/publish?channel={stream}`],
      ...['--pid', String(pid), '--output', output],
    ])
    assert.equal(code, 0, stderr)
    const { measurements } = parseResult(readFileSync(join(output, 'results.json'), 'utf8'), 'the result')
    assert.deepEqual(measurements.map(subjectName), [`${technique} · ${target}`])
    const [measurement] = measurements
    assert.ok(measurement && measurement.events.delivered > 0)
    assert.equal(measurement.events.delivered, measurement.events.expected)
    assert.ok(measurement.server.rssBytes !== null)
    assert.equal(measurement.server.utilization, null)
  })
}

/** Starts nginx with the example's configuration on a free port; it ends with the test. */
async function startExample(t: TestContext): Promise<{ origin: string; pid: number }> {
  const folder = temporaryFolder(t)
  const port = await freePort()
  const file = join(folder, 'nginx.conf')
  writeFileSync(file, readFileSync(configuration, 'utf8').replace('127.0.0.1:8081', `127.0.0.1:${port}`))
  const path = `${process.env['PATH']}:/usr/sbin`
  const nginx = spawn('nginx', ['-p', folder, '-c', file], {
    env: { ...process.env, PATH: path },
    stdio: 'ignore',
  })
  const ended = once(nginx, 'exit')
  t.after(async () => {
    nginx.kill('SIGTERM')
    await ended
  })
  const answers = async (): Promise<boolean> =>
    await fetch(`http://127.0.0.1:${port}/`).then(
      response => response.status === 404,
      () => false,
    )
  let up = false
  const asking = setInterval(async () => {
    up = await answers()
  }, 20)
  await eventually(() => up, 'nginx to answer').finally(() => clearInterval(asking))
  return { origin: `http://127.0.0.1:${port}`, pid: nginx.pid ?? 0 }
}

/** A port that was free a moment ago; nginx cannot choose a free port and report it. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  await new Promise(resolve => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}
