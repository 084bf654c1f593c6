import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { resultJsonSchema } from '../index.ts'
import { descendantsOf, gone, start, temporaryFolder } from './bin/cli.ts'
import { findOlderNode, pretendedNode } from './bin/older-node.ts'
import { expectations, Gate, meets } from './package-gate.ts'
import { makePackedProject, servers } from './packed-project.ts'

const exec = promisify(execFile)
const root = fileURLToPath(new URL('..', import.meta.url))

test('the published JSON Schema is the one that the code makes', () => {
  const published = readFileSync(join(root, 'results.schema.json'), 'utf8')
  assert.equal(
    published,
    `${JSON.stringify(resultJsonSchema(), null, 2)}\n`,
    'run "npm run schema" and commit what it writes',
  )
})

test('the lock file names no registry', () => {
  assert.doesNotMatch(readFileSync(join(root, 'package-lock.json'), 'utf8'), /"resolved"/)
})

const [pretended, ...flags] = pretendedNode(true)

const program = `
import { formats, type Measurement, type Result, run, UsageError } from 'pushbench'

const result: Result = await run({ technique: 'sse', clients: 3, rate: '50/s', duration: '500ms', warmup: '100ms' })
const [measurement]: Measurement[] = result.measurements
const html: string = formats.html.render(result)
// @ts-expect-error a technique is a name or a list of names
await run({ technique: 7 }).catch(() => {})
const refused = await run({ clients: 0 }).catch((error: unknown) => error instanceof UsageError)
console.log(JSON.stringify([measurement?.passed, html.startsWith('<!doctype html>'), refused]))
`

test('npm pack yields a tarball that installs into an empty project, runs there and is typed', async context => {
  const folder = temporaryFolder(context)
  await makePackedProject(folder)

  const { stdout } = await exec(
    join(folder, 'node_modules/.bin/pushbench'),
    ['run', '-t', 'websocket', '-c', '3', '-R', '50/s', '-d', '500ms', '-W', '100ms', '-q', '--json', '-'],
    { cwd: folder },
  )
  assert.equal(JSON.parse(stdout).measurements[0].passed, true)

  // npm passes SIGTERM to its shell alone, and the server has to notice.
  const npx = start(['pushbench', 'serve', 'sse', '--port', '0'], {
    program: ['npx'],
    cwd: folder,
    detached: true,
  })
  context.after(() => npx.process.kill('SIGKILL'))
  await npx.said(/end it with Ctrl-C/)
  const served = descendantsOf(npx.pid).map(({ pid }) => pid)
  npx.process.kill('SIGTERM')
  await npx.ended
  await gone(served)

  const tooOld = await exec(
    pretended,
    [...flags, '--eval', 'import("pushbench").catch(e => console.log(e.message))'],
    {
      cwd: folder,
    },
  )
  assert.match(
    tooOld.stdout,
    /^pushbench as a library needs Node\.js 24\.15 or later, and this is 20\.0\.0: [^.\n]+\n$/,
  )
  const older = findOlderNode()
  if (older === undefined)
    context.diagnostic('no Node.js before 24 here: its import of the library is not tried')
  else
    await assert.rejects(
      exec(older, ['--input-type=module', '--eval', 'import "pushbench"'], { cwd: folder }),
      {
        stderr:
          /^Error: pushbench as a library needs Node\.js 24\.15 or later, and this is \d+\.\d+\.\d+: [^.\n]+$/m,
      },
    )

  writeFileSync(join(folder, 'use.ts'), program)
  const options = [
    '--strict',
    '--module',
    'nodenext',
    '--target',
    'es2024',
    '--noEmit',
    '--types',
    'node',
    '--typeRoots',
    join(root, 'node_modules/@types'),
  ]
  await exec(join(root, 'node_modules/.bin/tsc'), [...options, 'use.ts'], { cwd: folder }).catch(error =>
    assert.fail(error.stdout),
  )
  const used = await exec(process.execPath, ['use.ts'], { cwd: folder })
  assert.deepEqual(JSON.parse(used.stdout), [true, true, true])

  // In the same project: packing and installing takes longer than all of this.
  const gate = new Gate(folder)
  await context.test('the workflow of docs/ci.md begins with a baseline', () => {
    const { code, outputs, log } = gate.push(servers.sound, 2)
    assert.equal(code, 0, log)
    assert.match(outputs['new-baseline'] ?? '', /^there is no /)
  })
  for (const expected of expectations)
    await context.test(`and fails a server that ${expected.server}, on ${expected.regressed} alone`, () =>
      meets(gate.pull(servers[expected.server], expected.runs), expected),
    )
})
