import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { techniques } from '../../index.ts'
import { cli, start } from './cli.ts'

describe('pushbench serve', { concurrency: 2 }, () => {
  for (const technique of techniques) {
    test(`${technique}: prints its address and a line that shows events`, async context => {
      const serving = start(['serve', technique, '--port', '0', '-R', '50/s'])
      context.after(() => serving.process.kill('SIGKILL'))
      await serving.said(/end it with Ctrl-C/)
      const line = /watch it with\n {2}(.*)\n/.exec(serving.stderr())?.[1] ?? ''
      assert.match(await firstOutput(line), /\[\d+,\d+,\d+,"/)
      serving.process.kill('SIGINT')
      assert.equal(await serving.ended, 130)
    })
  }
})

describe('the lists are those of the registries', { concurrency: 2 }, () => {
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
    assert.match((await cli(['--version'])).stdout, /^\d+\.\d+\.\d+\n$/)
    const { code, stdout } = await cli(['run', '--help'])
    assert.equal(code, 0)
    assert.match(stdout, /--technique.*techniques to measure/)
    assert.match(stdout, /Examples:/)
  })
})

/** What the shell line prints until there is an event in it. */
async function firstOutput(line: string): Promise<string> {
  const { spawn } = await import('node:child_process')
  const shell = spawn('sh', ['-c', line], { stdio: ['ignore', 'pipe', 'inherit'], detached: true })
  let text = ''
  try {
    for await (const chunk of shell.stdout.setEncoding('utf8')) {
      text += chunk
      if (/\[\d+,/.test(text)) break
    }
  } finally {
    // The line may be a loop with children of its own: end the whole group.
    if (shell.pid !== undefined && shell.exitCode === null) process.kill(-shell.pid, 'SIGKILL')
  }
  return text
}
