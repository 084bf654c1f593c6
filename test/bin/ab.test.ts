import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { blocksOf } from '../../bin/ab/alternation.ts'
import type { Comparison } from '../../compare/compare.ts'
import { parseResult } from '../../index.ts'
import { repetitionSeed } from '../../model/random.ts'
import { cli, descendantsOf, gone, launcher, start, temporaryFolder } from './cli.ts'

const handicap = (name: string): string => fileURLToPath(new URL(`../handicaps/${name}.ts`, import.meta.url))
const load = ['-c', '10', '-R', '20/s', '-d', '500ms', '-W', '200ms']
const resultIn = (folder: string, side: string) =>
  parseResult(readFileSync(join(folder, `${side}.json`), 'utf8'), side)

/** The metrics that a comparison calls regressed. */
const regressedIn = (stdout: string): string[] =>
  (JSON.parse(stdout) as Comparison).findings
    .filter(({ verdict }) => verdict === 'regressed')
    .map(({ metric }) => metric)

test('one event lost in ten is called, on its own metric and on no other', async context => {
  const folder = temporaryFolder(context)
  const { code, stdout, stderr } = await cli([
    ...['ab', '--base', handicap('none'), '--head', handicap('loss'), ...load, '-n', '2'],
    ...['-o', folder, '--json', '-'],
  ])
  assert.equal(code, 3, stderr)
  assert.deepEqual(regressedIn(stdout), ['events.lost'])
  for (const side of ['base', 'head'])
    assert.deepEqual(
      resultIn(folder, side).measurements.map(({ run, workload }) => [run, workload.seed]),
      [1, 2].map(run => [run, repetitionSeed(1, run)]),
    )
  assert.match(readFileSync(join(folder, 'comparison.html'), 'utf8'), /^<!doctype html>/i)
})

describe('a head that crashes', () => {
  const crashing = ['ab', '--base', handicap('none'), '--head', handicap('crash'), ...load, '-n', '2']
  const said = /TypeError: no such room \(at .*handicaps\/crash\.ts:9:\d+\), .*; it wrote last: /

  test('is a regression in every output, with what its server said, and without its secret', async context => {
    const folder = temporaryFolder(context)
    const formats = { json: 'c.json', markdown: 'c.md', junit: 'j.xml', annotations: 'a.txt' }
    const flags = Object.entries(formats).flatMap(([flag, name]) => [`--${flag}`, join(folder, name)])
    const { code, stdout, stderr } = await cli([...crashing, '-o', folder, ...flags], {
      env: { TEST_TOKEN: 'hunter2hunter2' },
    })
    assert.equal(code, 3, stderr)
    const read = (name: string): string => readFileSync(join(folder, name), 'utf8')
    const outputs = {
      stdout,
      page: read('comparison.html'),
      ...Object.fromEntries(Object.values(formats).map(name => [name, read(name)])),
    }
    for (const [name, text] of Object.entries(outputs)) {
      assert.match(text.replaceAll('\\', '').replaceAll('%3A', ':'), said, name)
      assert.match(text, /runs.{0,5}valid/, name)
      assert.match(text, /the token is (\\?\*){3}/, name)
      assert.doesNotMatch(text, /hunter2/, name)
      // Only what pushbench itself says may be a command.
      assert.doesNotMatch(text, /^\s*::error::/m, name)
    }
    assert.deepEqual(regressedIn(read('c.json')), ['runs.valid'])
    // Both modules as seen from the working directory, so that the name of a case is the same on every machine.
    const seen = (name: string): string => relative(process.cwd(), handicap(name))
    const junit = `classname="pushbench.steady.sse · ${seen('none')} -&gt; ${seen('crash')}"`
    assert.ok(read('j.xml').includes(junit), junit)
    assert.match(stderr, /^log: .*head-crash\.ts\.server\.log/m)
    const log = read('head-crash.ts.server.log')
    assert.match(
      log,
      /^=== head, block 2 ===\n=== .*crash\.ts, steady, run 1, server ===\n::error::the token is \*\*\*\nTypeError: no such room\n {4}at .*crash\.ts:9:\d+\)\n {4}at /m,
    )
    assert.ok(!existsSync(join(folder, 'base-none.ts.server.log')))
  })

  test('is none where the base crashes, and where both do the comparison failed', async context => {
    const swapped = (base: string, head: string) =>
      cli([
        'ab',
        '--base',
        handicap(base),
        '--head',
        handicap(head),
        ...load,
        '-n',
        '2',
        '-o',
        temporaryFolder(context),
      ])
    const repaired = await swapped('crash', 'none')
    assert.equal(repaired.code, 0, repaired.stderr)
    assert.match(
      repaired.stdout,
      /^improved: .*\n\nimproved .*runs\.valid .*\n {2}2 of 2 runs broke in the base, 0 of 2/m,
    )
    const both = await swapped('crash', 'crash')
    assert.equal(both.code, 4, both.stderr)
    assert.match(both.stdout, /no valid run on either side; base: the server failed: TypeError: no such room/)
  })
})

describe('what a side can be', { concurrency: 2 }, () => {
  test('a folder: with its own configuration and server module', async context => {
    const folder = temporaryFolder(context)
    for (const [side, name, clients] of [
      ['base', 'none', 7],
      ['head', 'loss', 8],
    ] as const) {
      mkdirSync(join(folder, side))
      const configuration = { clients, server: './server.ts' }
      writeFileSync(join(folder, side, 'pushbench.config.json'), JSON.stringify(configuration))
      writeFileSync(
        join(folder, side, 'server.ts'),
        `export { default } from ${JSON.stringify(handicap(name))}\n`,
      )
    }
    const { code, stderr } = await cli(
      ['ab', '--base', 'base', '--head', 'head', ...load.slice(2), '-n', '9', '-o', 'out'],
      { cwd: folder },
    )
    // Sides of different loads are not compared beyond their first block.
    assert.equal(code, 2, stderr)
    assert.match(stderr, /workload\.clients is 7 in the base and 8 in the head .* --allow-different$/m)
    const found = (['base', 'head'] as const).map(side => resultIn(join(folder, 'out'), side).measurements)
    assert.deepEqual(
      found.map(([first]) => [first?.workload.clients, (first?.events.lost ?? 0) > 0]),
      [
        [7, false],
        [8, true],
      ],
    )
  })

  test('a command; a difference other than the code is refused after the first block', async context => {
    const folder = temporaryFolder(context)
    const command = `"${process.execPath}" "${launcher}" run -t sse`
    const { code, stdout, stderr } = await cli([
      ...['ab', '--base', command, '--head', `${command} --payload=200`, ...load, '-n', '9', '-o', folder],
    ])
    assert.equal(code, 2, stderr)
    assert.equal(stdout, '')
    assert.match(
      stderr,
      /workload\.payloadBytes is 128 in the base and 200 in the head .* --allow-different$/m,
    )
    assert.doesNotMatch(stderr, /block 2 of 9/)
    assert.equal(resultIn(folder, 'base').measurements.length, 1)
  })
})

describe('--config', () => {
  const asked = { runs: 3, seed: 40 }

  test('runs and seed are those of the file that was named, and the sides are given that file', async context => {
    const folder = temporaryFolder(context)
    writeFileSync(join(folder, 'pushbench.config.json'), JSON.stringify({ runs: 1, seed: 7 }))
    writeFileSync(join(folder, 'named.json'), JSON.stringify(asked))
    // A side that notes its flags and measures nothing.
    const noting = `require('fs').writeFileSync('flags.json', JSON.stringify(process.argv.slice(1)))`
    writeFileSync(join(folder, 'side.cjs'), noting)
    const side = `"${process.execPath}" side.cjs`
    const { stderr } = await cli(
      ['ab', '--base', side, '--head', side, '--config', 'named.json', '-o', 'out'],
      { cwd: folder },
    )
    assert.match(stderr, /block 1 of 3/)
    const flags = JSON.parse(readFileSync(join(folder, 'flags.json'), 'utf8')) as string[]
    assert.ok(flags.includes('--seed=40'), flags.join(' '))
    assert.ok(flags.includes(`--config=${join(folder, 'named.json')}`), flags.join(' '))
  })
})

describe('a side that cannot be measured is one clear sentence', () => {
  // Its first block begins with the head, so that nothing is measured before that is found wrong.
  const headFirst = 101

  test('the head comes first', () => assert.equal(blocksOf(2, headFirst)[0]?.order[0], 'head'))

  for (const [head, code, said] of [
    [
      './nope.ts',
      2,
      /^pushbench: --head: there is no "\.\/nope\.ts": give a folder, a server module or a command$/m,
    ],
    ['./nowhere/', 2, /--head: there is no "\.\/nowhere\/"/],
    ['', 2, /--head: there is no ""/],
    ['false', 2, /--head false: printed no result for --json - \(exit code 1\): it said nothing on stderr$/m],
    ['no-such-program', 2, /--head no-such-program: printed no result .*not found$/m],
    ['echo done', 4, /--head echo done: printed no result .*: its output is not complete JSON/],
    ['kill -9 $$; true', 2, /printed no result for --json - .*: it was killed by SIGKILL$/m],
  ] as const) {
    test(JSON.stringify(head), async context => {
      const folder = temporaryFolder(context)
      const words = ['ab', '--base', handicap('none'), '--head', head, ...load, '-n', '5', '-o', folder]
      const found = await cli([...words, '--seed', String(headFirst), '--no-progress'])
      assert.equal(found.code, code, found.stderr)
      assert.equal(found.stdout, '')
      assert.match(found.stderr, said)
      assert.equal(found.stderr.trim().split('\n').length, 1, found.stderr)
    })
  }

  for (const [words, said] of [
    [['-n', '1'], /--runs: 1 block says nothing about chance: give 2, better 10 or more/],
    [['-c', '0'], /--clients: "0" is not a whole number/],
    [['--minimum-effect', 'latency.p50=1'], /write it in per cent/],
    [['--calibration', '/nonexistent'], /cannot read \/nonexistent: there is no such file/],
    [
      ['-t', 'polling', '--set', 'sse.retry=1s'],
      /--base \. ?: cannot be run: --set: .* which is not measured/,
    ],
  ] as const) {
    test(words.join(' '), async context => {
      const folder = temporaryFolder(context)
      const found = await cli([
        ...['ab', '--base', '.', '--head', '.', ...words, '-o', folder, '--no-progress'],
        ...(words.includes('-n' as never) ? [] : ['-n', '2', '--seed', '3']),
      ])
      assert.equal(found.code, 2, found.stderr)
      assert.match(found.stderr.replace('--head .', '--base .'), said)
      assert.equal(found.stderr.trim().split('\n').length, 1, found.stderr)
    })
  }
})

/** The ids of all that a process has started. */
const descendants = (pid: number): number[] => descendantsOf(pid).map(({ pid }) => pid)

describe('no process outlives it', { concurrency: 2 }, () => {
  const words = ['ab', '--base', handicap('none'), '--head', handicap('none'), '-c', '5', '-R', '20/s']

  test('Ctrl-C keeps what was measured, compares whole blocks alone and exits 130', async context => {
    const folder = temporaryFolder(context)
    const run = start([...words, '-d', '500ms', '-W', '100ms', '-n', '50', '-o', folder])
    await run.said(/block 3 of 50/)
    const started = descendants(run.pid)
    run.process.kill('SIGINT')
    assert.equal(await run.ended, 130)
    await gone(started)
    assert.match(run.stdout(), /^warning: stopped after 2 of 50 blocks\n/)
    assert.match(run.stdout(), /2 runs a side can never show a difference/)
    for (const side of ['base', 'head']) assert.equal(resultIn(folder, side).measurements.length, 2)
    assert.equal(resultIn(folder, 'base').aborted, true)
  })

  test('Ctrl-C in the first block says that there is nothing to compare', async context => {
    const folder = temporaryFolder(context)
    const run = start([...words, '-d', '60s', '-n', '2', '-o', folder])
    await run.said(/block 1 of 2/)
    run.process.kill('SIGINT')
    assert.equal(await run.ended, 130)
    assert.match(run.stderr(), /0 whole blocks are too few to compare/)
    assert.ok(!existsSync(join(folder, 'base.json')))
  })
})

test('blocks have the seeds of the repetitions of a run, and a random order that the seed decides', () => {
  const blocks = blocksOf(200, 7)
  assert.deepEqual(blocks, blocksOf(200, 7))
  assert.notDeepEqual(
    blocks.map(({ order }) => order),
    blocksOf(200, 8).map(({ order }) => order),
  )
  for (const [index, { run, seed, order }] of blocks.entries()) {
    assert.deepEqual([run, seed], [index + 1, repetitionSeed(7, index + 1)])
    assert.deepEqual(order.toSorted(), ['base', 'head'])
  }
  const baseFirst = blocks.filter(({ order }) => order[0] === 'base').length
  assert.ok(baseFirst > 70 && baseFirst < 130, `${baseFirst} of 200 begin with the base`)
})
