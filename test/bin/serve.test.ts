import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { binary, cli, start } from './cli.ts'
import { eventLinesOf } from './shell-line.ts'

// What the line of each other technique shows is tested in test/servers/watch.test.ts.
test('serve prints its address and a line that shows events, until Ctrl-C', async context => {
  const serving = start(['serve', 'sse', '--port', '0', '-R', '50/s'])
  context.after(() => serving.process.kill('SIGKILL'))
  await serving.said(/end it with Ctrl-C/)
  assert.match(serving.stdout(), /^sse on http:\/\/127\.0\.0\.1:\d+\//)
  const line = /watch it with\n {2}(.*)\n/.exec(serving.stderr())?.[1] ?? ''
  assert.match((await eventLinesOf(line, 1)).join(), /\[\d+,\d+,\d+,"/)
  serving.process.kill('SIGINT')
  assert.equal(await serving.ended, 130)
})

describe('the lists are those of the registries', () => {
  for (const [what, word] of [
    ['techniques', 'long-polling'],
    ['settings', 'long-polling.hold'],
    ['scenarios', 'steady'],
    ['metrics', 'latency.p99'],
  ] as const) {
    test(`list ${what}`, async () => {
      const table = await cli(['list', what])
      assert.equal(table.code, 0)
      assert.ok(table.stdout.includes(word))
      const rows: unknown = JSON.parse((await cli(['list', what, '--json'])).stdout)
      assert.ok(Array.isArray(rows) && rows.length === table.stdout.trim().split('\n').length - 1)
    })
  }

  test('list faults says what the suite uses in place of the defaults', async () => {
    const { stdout, stderr } = await cli(['list', 'faults'])
    assert.match(stdout, /^ {2}down= .*2s/m)
    assert.match(stderr, /^"storm" without --fault uses restart:at=500ms:down=1s and /m)
  })

  test('doctor shows the limits and how to raise them', async () => {
    const { code, stdout } = await cli(['doctor'])
    assert.equal(code, 0)
    assert.match(stdout, /file descriptors +\d+ a process\n.*ulimit -n/)
    assert.match(stdout, /ports +\d+/)
    assert.match(
      stdout,
      /clients through a link +\d+ a relay process, \d+ of those at the most\n.*two file descriptors/,
    )
  })

  test('doctor finds the browser that CHROME_PATH names, or says what is wrong with it', async () => {
    const found = await cli(['doctor'], { env: { CHROME_PATH: process.execPath } })
    assert.ok(
      new RegExp(`^Chromium +${process.versions.node} \\(CHROME_PATH: ${process.execPath}\\)$`, 'm').test(
        found.stdout,
      ),
      found.stdout,
    )
    const missing = await cli(['doctor'], { env: { CHROME_PATH: '/nonexistent/chrome' } })
    assert.equal(missing.code, 0)
    assert.match(
      missing.stdout,
      /^Chromium +not found\n.*CHROME_PATH: \/nonexistent\/chrome is not a program that can be run$/m,
    )
  })

  test('--version and --help say what they should', async () => {
    assert.match((await binary(['--version'])).stdout, /^\d+\.\d+\.\d+\n$/)
    const { code, stdout } = await binary(['run', '--help'])
    assert.equal(code, 0)
    assert.match(stdout, /--technique.*techniques to measure/)
    assert.match(stdout, /Examples:/)
  })
})
