/** `pushbench verify`: which cases it runs, what it prints, and how it ends. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { cli, launcher, start } from './cli.ts'

/** The command, as the real binary runs it. */
async function verify(words: readonly string[], program = [launcher]) {
  const started = start(['verify', ...words], { program: [process.execPath, ...program] })
  return { code: await started.ended, stdout: started.stdout(), stderr: started.stderr() }
}

const leavesThings = fileURLToPath(new URL('leaves-things.ts', import.meta.url))

test('ends after its summary, whatever a client under test leaves behind', { timeout: 30_000 }, async () => {
  const program = ['--import', leavesThings, launcher]
  const words = ['-t', 'sse', '--case', 'two clients', '--case', 'two streams']
  const { code, stdout } = await verify([...words, '--bail'], program)
  assert.equal(code, 4)
  assert.match(stdout, /planted[\s\S]*expected the clients to close within 5000 ms/)
  assert.match(stdout, /\n0 passed, 1 failed, 0 deviate with a reason, 0 exempt, 1 not run\n$/)
})

test('runs the case of a name, or those whose names contain a text', async () => {
  const { code, stdout, stderr } = await verify([
    '-t',
    'sse',
    '--json',
    '--case',
    'Bad cursor',
    '--case',
    'port',
  ])
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' })
  const names = (JSON.parse(stdout) as { case: string }[]).map(({ case: name }) => name)
  assert.deepEqual(names, ['port in use', 'bad cursor'])
})

test('refuses a case that does not exist in one sentence', async () => {
  const near = await cli(['verify', '--case', 'resmue'])
  assert.equal(near.code, 2)
  assert.equal(near.stderr, 'pushbench: --case: unknown case "resmue": did you mean "resume"?\n')
  const far = await cli(['verify', '--case', 'quantum'])
  assert.match(
    far.stderr,
    /^pushbench: --case: unknown case "quantum": choose from [^\n]*burst of 1,000[^\n]*\n$/,
  )
})
