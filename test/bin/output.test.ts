/** Where output goes: streams that nobody reads or that are full, files that cannot be written, files that are there. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { parseResult } from '../../index.ts'
import { cli, launcher, start, temporaryFolder } from './cli.ts'

const calm = new URL('../golden/results/calm.json', import.meta.url).pathname
const noHandicap = new URL('../handicaps/none.ts', import.meta.url).pathname
const short = '-t websocket --no-ceiling --audience broadcast -c 2 -R 50/s -d 300ms -W 0'.split(' ')
const isComplete = (text: string): boolean => !parseResult(text, 'the result').aborted

/** Runs a line of a shell, in which `pushbench` is the command. */
function shell(line: string) {
  const script = `pushbench() { "${process.execPath}" "${launcher}" "$@"; }; ${line}`
  return spawnSync('bash', ['-c', script], { encoding: 'utf8' })
}

describe('a reader that goes away changes neither exit code nor files', { concurrency: 2 }, () => {
  for (const [name, line, code] of [
    ['list', 'pushbench list techniques', 0],
    ['doctor', 'pushbench doctor', 0],
    ['help', 'pushbench run --help', 0],
    ['compare', `pushbench compare ${calm} ${calm} --strict`, 5],
    ['simulation', 'pushbench storm --simulate -c 100', 0],
    ['serve', `{ timeout -s TERM 5 "${process.execPath}" "${launcher}" serve sse --port 0; }`, 124],
  ] as const) {
    test(name, () => {
      const { stdout, stderr } = shell(`{ ${line}; echo "exit code $?" >&2; } | true`)
      assert.equal(stdout, '')
      assert.match(stderr, new RegExp(`^exit code ${code}$`, 'm'))
      assert.doesNotMatch(stderr, /Error|EPIPE/)
    })
  }

  test('run', context => {
    const folder = temporaryFolder(context)
    const line = `pushbench run ${short.join(' ')} -o ${folder} 2>&1; echo "exit code $?" >&3`
    const { stdout } = shell(`{ { ${line}; } | true; } 3>&1`)
    assert.equal(stdout, 'exit code 0\n')
    assert.ok(isComplete(readFileSync(join(folder, 'results.json'), 'utf8')))
    assert.ok(readdirSync(folder).includes('report.html'))
  })
})

describe('output that is lost is said in one sentence', { concurrency: 2 }, () => {
  for (const words of [`report ${calm} -q -o $(mktemp -d) --csv -`, 'list techniques', 'run --help'])
    test(`a full stdout of ${words}`, () => {
      const { status, stderr } = shell(`pushbench ${words} >/dev/full`)
      assert.equal(stderr, 'pushbench: cannot write to stdout: there is no space left\n')
      assert.equal(status, 1)
    })

  test('an exit code that says more stays', () => {
    assert.equal(shell(`pushbench compare ${calm} ${calm} --strict >/dev/full`).status, 5)
  })

  test('a full stderr is no failure', () => {
    assert.equal(shell('pushbench storm --simulate -c 100 2>/dev/full').status, 0)
  })

  test('a file that can no longer be written', async context => {
    const folder = temporaryFolder(context)
    mkdirSync(join(folder, 'results.json.partial'))
    const { code, stderr } = await cli(['run', '-q', ...short, '-o', folder])
    assert.equal(code, 1)
    assert.match(stderr, /^pushbench: cannot write \S+results\.json: illegal operation on a directory\n$/)
  })
})

describe('what a folder holds', () => {
  test('results of an earlier run are kept and named', async context => {
    const folder = temporaryFolder(context)
    writeFileSync(join(folder, 'results.json'), 'earlier')
    const { code, stderr } = await cli(['run', ...short, '-o', folder])
    assert.equal(code, 0, stderr)
    assert.match(stderr, /^earlier results are kept: \S+results\.json\.old$/m)
    assert.equal(readFileSync(join(folder, 'results.json.old'), 'utf8'), 'earlier')
    assert.ok(isComplete(readFileSync(join(folder, 'results.json'), 'utf8')))
  })

  for (const [command, names, atWork] of [
    ['run', ['results.json', 'report.html'], /warming up/],
    ['calibrate', ['results.json', 'report.html', 'calibration.json'], /warming up/],
    ['ab', ['base.json', 'head.json', 'comparison.html'], /block 1 of 2: /],
  ] as const)
    test(`is left as it is by ${command} without a measurement, however often`, async context => {
      const folder = temporaryFolder(context)
      for (const name of names) writeFileSync(join(folder, name), `earlier ${name}`)
      const sides =
        command === 'ab' ? ['--base', noHandicap, '--head', noHandicap] : ['-t', 'sse', '--progress']
      for (const _ of ['first', 'second']) {
        const { process, said, ended, stderr } = start(
          [command, ...sides, '-n', '2', '-c', '2', '-R', '50/s', '-W', '60s', '-o', folder],
          { env: { TMPDIR: folder } },
        )
        context.after(() => process.kill('SIGKILL'))
        await said(atWork)
        process.kill('SIGINT')
        assert.equal(await ended, 130, stderr())
        assert.deepEqual(readdirSync(folder).toSorted(), names.toSorted())
        for (const name of names) assert.equal(readFileSync(join(folder, name), 'utf8'), `earlier ${name}`)
      }
    })

  test('a run without a measurement says so, and writes data to stdout only', async context => {
    const folder = temporaryFolder(context)
    const csv = join(folder, 'kept.csv')
    writeFileSync(csv, 'earlier')
    const { process, said, ended, stdout, stderr } = start(
      'run -t sse --no-ceiling --progress -c 2 -W 60s --json -'.split(' ').concat('--csv', csv, '-o', folder),
    )
    context.after(() => process.kill('SIGKILL'))
    await said(/warming up/)
    process.kill('SIGTERM')
    assert.equal(await ended, 143)
    assert.match(stderr(), /^The run was stopped before its first measurement\. Not measured: sse\.$/m)
    assert.match(stderr(), /^No measurement was made: run again/m)
    assert.deepEqual(parseResult(stdout(), 'stdout').measurements, [])
    assert.deepEqual(readdirSync(folder), ['kept.csv'])
    assert.equal(readFileSync(csv, 'utf8'), 'earlier')
  })

  test('is left as it is by a command that is wrong', async context => {
    const folder = temporaryFolder(context)
    writeFileSync(join(folder, 'results.json'), 'earlier')
    assert.equal((await cli(['run', '-o', folder, '--clients', '0'])).code, 2)
    assert.deepEqual(readdirSync(folder), ['results.json'])
  })

  test('two commands that begin in the same second write into two folders', async context => {
    const folder = temporaryFolder(context)
    const names = Array.from({ length: 120 }, (_, second) =>
      new Date(Date.now() + second * 1_000).toISOString().slice(0, 19).replaceAll(':', '-'),
    )
    for (const name of names) mkdirSync(join(folder, 'pushbench-results', name), { recursive: true })
    const { code, stderr } = await cli(['run', '-q', ...short], { cwd: folder })
    assert.equal(code, 0, stderr)
    const made = readdirSync(join(folder, 'pushbench-results')).filter(name => !names.includes(name))
    assert.equal(made.length, 1)
    assert.match(made[0] ?? '', /T\d\d-\d\d-\d\d-2$/)
  })
})
