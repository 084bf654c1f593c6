/** Commands at work that a test ends by a signal, and what must hold when they have ended. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { parseResult } from '../../index.ts'
import { type Cli, descendantsOf, gone, launcher, start, temporaryFolder } from './cli.ts'
import { pretendedNode } from './older-node.ts'

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
/** A storm of two clients with a fault. */
export const stormOf = (fault: string): Subject => ({
  words: ['storm', '-t', 'sse', '--fault', fault, '--backoff', 'fixed', ...load],
  ...measuring,
})

/** The commands that run until they are ended. */
export const subjects = {
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

/** The Node.js of the tests. */
export const modern = [process.execPath] as const
/** One that seems too old and cannot replace itself: it forwards signals. */
export const olderForwards = pretendedNode(false)
/** One that seems too old and replaces itself by the newer one. */
export const olderReplaced = pretendedNode(true)

/** A command that was started by a Node.js, and is at work. */
export interface AtWork extends Cli {
  /** Its processes, without the one that was started. */
  readonly processes: readonly number[]
  /** Null for a command that writes no partial result. */
  readonly folder: string | null
}

/** Starts a command and waits until it measures or serves. */
export async function untilAtWork(
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
export async function assertEnded({ ended, processes, folder }: AtWork, code: number): Promise<void> {
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

/** A command, the Node.js that starts it, and a signal to it. */
interface Ending {
  readonly name: keyof typeof subjects
  readonly tooOld: boolean
  readonly signal: 'SIGTERM' | 'SIGINT' | 'SIGHUP'
  readonly code: number
  readonly toGroup: boolean
}

const names = ['run', 'storm', 'serve', 'ab'] as const
const signals = [
  { signal: 'SIGTERM', code: 143 },
  { signal: 'SIGINT', code: 130 },
  { signal: 'SIGHUP', code: 129 },
] as const

/** Every command, Node.js, signal and receiver: 48 endings. */
const everyEnding: readonly Ending[] = names.flatMap(name =>
  signals.flatMap(each =>
    [false, true].flatMap(tooOld => [false, true].map(toGroup => ({ name, ...each, tooOld, toGroup }))),
  ),
)

/** Twelve of them, in which any two values of two axes meet. */
const isFirst = ({ name, signal, tooOld, toGroup }: Ending): boolean => {
  const command = names.indexOf(name)
  const at = signals.findIndex(each => each.signal === signal)
  return tooOld === ((command + at) % 2 === 1) && toGroup === ((Math.floor(command / 2) + at) % 2 === 1)
}

/** The endings in which any two values of two axes meet. */
export const pairwiseEndings = everyEnding.filter(isFirst)
/** All others. */
export const furtherEndings = everyEnding.filter(each => !isFirst(each))

/** Tests one ending. */
export function testEnding({ name, tooOld, signal, code, toGroup }: Ending): void {
  const runtime = tooOld ? 'one that is too old' : 'a modern Node.js'
  test(`${name} on ${runtime}: ${signal} to ${toGroup ? 'its whole group' : 'the launcher alone'}`, async context => {
    const command = await untilAtWork(context, subjects[name], tooOld ? olderForwards : modern)
    process.kill(toGroup ? -command.pid : command.pid, signal)
    await assertEnded(command, code)
  })
}
