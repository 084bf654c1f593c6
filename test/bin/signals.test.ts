/** What signals do to the command: it ends in order, says so by its exit code, and leaves no process behind. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { UsageError } from '../../model/usage-error.ts'
import { requireChromium } from '../../pages/chromium.ts'
import { descendantsOf, gone, launcher, start } from './cli.ts'
import {
  type AtWork,
  assertEnded,
  modern,
  olderForwards,
  olderReplaced,
  pairwiseEndings,
  stormOf,
  subjects,
  testEnding,
  untilAtWork,
} from './ending.ts'
import { findOlderNode } from './older-node.ts'

const limits = { concurrency: 2, timeout: 300_000 }

// The others are tested in signals.live.ts.
describe('a signal ends the command in order', limits, () => {
  pairwiseEndings.forEach(testEnding)
})

describe('a Node.js that is too old', limits, () => {
  test('is replaced by the newer one where it can be', async context => {
    const command = await untilAtWork(context, subjects.serve, olderReplaced)
    assert.deepEqual(command.processes, [])
    command.process.kill('SIGTERM')
    await assertEnded(command, 143)
  })

  const older = findOlderNode()
  test('is a real one', {
    skip: older === undefined && 'there is no Node.js before 24 here',
  }, async context => {
    const command = await untilAtWork(context, subjects.run, [older ?? ''])
    command.process.kill('SIGTERM')
    await assertEnded(command, 143)
  })

  test('ends by the signal that ended the newer one', async context => {
    const command = await untilAtWork(context, subjects.serve, olderForwards)
    const [newer = 0] = command.processes
    process.kill(newer, 'SIGKILL')
    assert.equal(await command.ended, 'SIGKILL')
  })

  test('says so in one sentence where no newer one can take over', async () => {
    const command = start(['list', 'techniques'], {
      program: [...olderForwards, launcher],
      env: { PUSHBENCH_HANDED_OVER: '1' },
    })
    assert.equal(await command.ended, 2)
    assert.match(
      command.stderr(),
      /^pushbench: Node\.js 20\.0\.0 is too old .*: install Node\.js 24\.15 or later\n$/,
    )
  })
})

describe('signals one after the other', limits, () => {
  test('copies of the first one change nothing: what was measured is written', async context => {
    const command = await untilAtWork(context, subjects.run, modern)
    for (const signal of ['SIGINT', 'SIGINT', 'SIGTERM'] as const) {
      command.process.kill(signal)
      // The kernel merges a signal with one that is not yet delivered.
      await new Promise(resolve => setTimeout(resolve, 20))
    }
    await assertEnded(command, 130)
  })

  test('a later one does not wait', async context => {
    const command = await untilAtWork(context, subjects.run, modern)
    const server = descendantsOf(command.pid).find(each => /server-process/.test(each.command))
    assert.ok(server !== undefined)
    // It answers nothing for now, so the end in order takes seconds.
    process.kill(server.pid, 'SIGSTOP')
    command.process.kill('SIGTERM')
    await command.said(/Stopping/)
    await new Promise(resolve => setTimeout(resolve, 1_100))
    assert.equal(command.process.exitCode, null)
    command.process.kill('SIGTERM')
    assert.equal(await command.ended, 143)
    assert.ok(command.folder !== null && !existsSync(join(command.folder, 'results.json')))
    process.kill(server.pid, 'SIGCONT')
    await gone(command.processes)
  })
})

/** A storm whose server is stopped by its fault. */
async function untilFrozen(context: TestContext, node: readonly [string, ...string[]]): Promise<AtWork> {
  const command = await untilAtWork(context, stormOf('freeze:at=200ms:down=50s'), node)
  const isStopped = ({ pid }: { pid: number }): boolean =>
    /^State:\s+T/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  for (;;) {
    const processes = descendantsOf(command.pid)
    // The guard of the stopped process starts after it was stopped.
    const guarded = processes.some(({ command }) => /read -r _; kill -KILL/.test(command))
    if (guarded && processes.some(isStopped))
      return { ...command, processes: processes.map(({ pid }) => pid) }
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

describe('a command that is killed by SIGKILL leaves no process', limits, () => {
  for (const name of ['run', 'storm', 'serve', 'ab'] as const)
    for (const [runtime, node] of [
      ['a modern Node.js', modern],
      ['one that is too old', olderForwards],
    ] as const)
      test(`${name} on ${runtime}`, async context => {
        const command = await untilAtWork(context, subjects[name], node)
        command.process.kill('SIGKILL')
        await gone(command.processes)
      })

  test('ab, killed with its whole group', async context => {
    const command = await untilAtWork(context, subjects.ab, modern)
    process.kill(-command.pid, 'SIGKILL')
    await gone(command.processes)
  })

  test('a server that a fault has stopped', async context => {
    const command = await untilFrozen(context, modern)
    command.process.kill('SIGKILL')
    await gone(command.processes)
  })

  test('the browser of page clients', { skip: withoutBrowser() }, async context => {
    const command = await untilAtWork(
      context,
      { ...subjects.run, words: [...subjects.run.words, '--browser-clients', '1'] },
      modern,
    )
    assert.ok(descendantsOf(command.pid).some(({ command }) => /--headless/.test(command)))
    command.process.kill('SIGKILL')
    await gone(command.processes)
  })
})

/** Why there is no browser; false where there is one. */
function withoutBrowser(): string | false {
  try {
    requireChromium()
    return false
  } catch (error) {
    if (error instanceof UsageError) return error.message
    throw error
  }
}
