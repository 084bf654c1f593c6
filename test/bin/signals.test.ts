/** What signals do to the command: it ends in order, says so by its exit code, and leaves no process behind. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { parseResult } from '../../index.ts'
import { UsageError } from '../../model/usage-error.ts'
import { requireChromium } from '../../pages/chromium.ts'
import { type Cli, descendantsOf, gone, launcher, start, temporaryFolder } from './cli.ts'
import { findOlderNode, pretendedNode } from './older-node.ts'

const noHandicap = fileURLToPath(new URL('../handicaps/none.ts', import.meta.url))
const load = ['-c', '2', '-R', '50/s', '-d', '60s', '-W', '0']

interface Subject {
  readonly words: readonly string[]
  /** What the command has said once it is at work. */
  readonly atWork: RegExp
  /** A process of its own that runs by then. */
  readonly process?: RegExp
  /** True where it has a partial result to write. */
  readonly writes: boolean
}

const measuring = { atWork: /measuring: 2 connected/, process: /client-process/, writes: true }
const stormOf = (fault: string): Subject => ({
  words: ['storm', '-t', 'sse', '--fault', fault, '--backoff', 'fixed', ...load],
  ...measuring,
})

const subjects = {
  run: { words: ['run', '-t', 'sse', '--no-ceiling', ...load], ...measuring },
  storm: stormOf('drop:at=50s'),
  serve: { words: ['serve', 'sse', '--port', '0'], atWork: /end it with Ctrl-C/, writes: false },
  ab: {
    words: ['ab', '--base', noHandicap, '--head', noHandicap, '-n', '2', ...load],
    atWork: /block 1 of 2/,
    process: /client-process/,
    writes: false,
  },
} satisfies Record<string, Subject>

const modern = [process.execPath] as const
const olderForwards = pretendedNode(false)
const olderReplaced = pretendedNode(true)

/** A command that was started by a Node.js, and is at work. */
interface AtWork extends Cli {
  /** Its processes, without the one that was started. */
  readonly processes: readonly number[]
  /** Null for a command that writes no partial result. */
  readonly folder: string | null
}

async function untilAtWork(
  context: TestContext,
  { words, atWork, process: awaited, writes }: Subject,
  node: readonly [file: string, ...words: string[]],
): Promise<AtWork> {
  const folder = temporaryFolder(context)
  const output = words[0] === 'serve' ? [] : ['-o', folder]
  const command = start([...words, ...output], {
    program: [...node, launcher],
    detached: true,
    // SIGKILL leaves `ab` no time to remove its temporary folder.
    ...(words[0] === 'ab' && { env: { TMPDIR: folder } }),
  })
  context.after(() => command.process.kill('SIGKILL'))
  await command.said(atWork)
  while (awaited !== undefined && !descendantsOf(command.pid).some(each => awaited.test(each.command)))
    await new Promise(resolve => setTimeout(resolve, 20))
  const processes = descendantsOf(command.pid).map(({ pid }) => pid)
  // A test that fails leaves none either.
  context.after(() => processes.forEach(kill))
  return { ...command, processes, folder: writes ? folder : null }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It is gone already.
  }
}

/** Ends in order: with the exit code, a partial result, and no process. */
async function assertEnded({ ended, processes, folder }: AtWork, code: number): Promise<void> {
  assert.equal(await ended, code)
  await gone(processes)
  if (folder === null) return
  const { aborted, measurements } = parseResult(
    readFileSync(join(folder, 'results.json'), 'utf8'),
    'the result',
  )
  assert.equal(aborted, true)
  assert.equal(measurements.length, 1)
}

const limits = { concurrency: 2, timeout: 300_000 }

describe('a signal ends the command in order', limits, () => {
  for (const name of ['run', 'storm', 'serve', 'ab'] as const)
    for (const [runtime, node] of [
      ['a modern Node.js', modern],
      ['one that is too old', olderForwards],
    ] as const)
      for (const [signal, code] of [
        ['SIGTERM', 143],
        ['SIGINT', 130],
        ['SIGHUP', 129],
      ] as const)
        for (const to of ['the launcher alone', 'its whole group'] as const)
          test(`${name} on ${runtime}: ${signal} to ${to}`, async context => {
            const command = await untilAtWork(context, subjects[name], node)
            process.kill(to === 'its whole group' ? -command.pid : command.pid, signal)
            await assertEnded(command, code)
          })
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
    await command.said(/stopping/)
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
  while (!descendantsOf(command.pid).some(isStopped)) await new Promise(resolve => setTimeout(resolve, 20))
  // By now the process that guards the stopped one may have been started too.
  return { ...command, processes: descendantsOf(command.pid).map(({ pid }) => pid) }
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
