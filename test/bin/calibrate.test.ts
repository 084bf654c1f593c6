import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { parseCalibration } from '../../compare/calibration.ts'
import { parseResult } from '../../index.ts'
import { repetitionSeed } from '../../model/random.ts'
import { ten, withBytes } from '../compare/results.ts'
import { resultOf } from '../reports/fixture.ts'
import { binary, cli, start, temporaryFolder } from './cli.ts'

const load = ['-t', 'sse', '-c', '5', '-R', '20/s', '-d', '500ms', '-W', '200ms']
const calibrationIn = (path: string) => parseCalibration(readFileSync(path, 'utf8'), 'the calibration')

describe('pushbench calibrate', { concurrency: 2 }, () => {
  test('measures blocks of the same code, writes the calibration and prints its table', async context => {
    const folder = temporaryFolder(context)
    const { code, stdout, stderr } = await binary(['calibrate', ...load, '-n', '3', '-o', folder])
    assert.equal(code, 0, stderr)
    assert.match(stdout, /^metric +noise between runs +minimum effect +detectable with 3 runs +runs that/m)
    assert.match(stdout, /^egress\.perDelivery +\S+ % +1 %/m)
    assert.match(stderr, /sse \(steady, run 3 of 3\)/)
    const calibration = calibrationIn(join(folder, 'calibration.json'))
    assert.equal(calibration.runsASide, 3)
    // A run that a busy machine spoilt is left out.
    assert.ok(calibration.series.every(({ runs }) => runs === 2 || runs === 3))
    const { measurements } = parseResult(readFileSync(join(folder, 'results.json'), 'utf8'), 'the result')
    assert.deepEqual(
      measurements.map(({ run, workload }) => [run, workload.seed]),
      [1, 2, 3].map(run => [run, repetitionSeed(1, run)]),
    )
  })

  test('is made of existing results, with the runs and minimum effects that are asked for', async context => {
    const folder = temporaryFolder(context)
    const file = join(folder, 'results.json')
    writeFileSync(file, JSON.stringify(withBytes(ten(200, 2))))
    const made = async (...words: string[]) => {
      const { code, stdout, stderr } = await cli(['calibrate', file, '--json', '-', '-q', ...words], {
        cwd: folder,
      })
      assert.equal(code, 0, stderr)
      assert.deepEqual(calibrationIn(join(folder, 'calibration.json')), JSON.parse(stdout))
      const { series, recommendedRuns, runsASide } = parseCalibration(stdout, 'the calibration')
      const bytes = series.find(({ metric }) => metric === 'egress.perDelivery')
      assert.ok(bytes !== undefined && bytes.noise > 0.01)
      return { needed: bytes.recommendedRuns, minimum: bytes.minimumEffect, recommendedRuns, runsASide }
    }
    const [usual, lenient] = [
      await made(),
      await made('-n', '20', '--minimum-effect', 'egress.perDelivery=5%'),
    ]
    assert.deepEqual([usual.runsASide, lenient.runsASide], [10, 20])
    assert.deepEqual([usual.minimum, lenient.minimum], [0.01, 0.05])
    assert.ok((lenient.needed ?? Number.POSITIVE_INFINITY) < (usual.needed ?? Number.POSITIVE_INFINITY))
  })

  test('advises nothing that no sensible number of runs can give', async context => {
    const folder = temporaryFolder(context)
    const file = join(folder, 'results.json')
    writeFileSync(file, JSON.stringify(withBytes(ten(200, 30))))
    const { code, stdout } = await cli(['calibrate', file, '-o', folder])
    assert.equal(code, 0)
    assert.match(stdout, /^egress\.perDelivery .* over 200$/m)
    assert.match(stdout, /No sensible number of runs resolves the minimum effect of egress\.perDelivery:/)
  })

  test('Ctrl-C before two runs leaves their result and no calibration', async context => {
    const folder = temporaryFolder(context)
    const run = start(['calibrate', '-t', 'sse', '-c', '5', '-d', '60s', '-o', folder])
    await run.said(/measuring/)
    run.process.kill('SIGINT')
    assert.equal(await run.ended, 130)
    assert.match(run.stderr(), /too few runs were measured to calibrate with/)
    assert.equal(parseResult(readFileSync(join(folder, 'results.json'), 'utf8'), 'it').aborted, true)
  })

  const one = withBytes([200])
  const elsewhere = { ...one, environment: { ...one.environment, cores: 64 } }
  for (const [what, words, contents, said] of [
    ['one run', ['-n', '1'], [], /--runs: one run has no scatter: give 2, better 10 or more/],
    ['a single stored run', ['a.json'], [one], /no technique has two valid runs/],
    ['no measurement', ['a.json'], [resultOf([])], /no technique has two valid runs/],
    [
      'results of two machines',
      ['a.json', 'b.json'],
      [one, elsewhere],
      /the results are not of one machine and version: environment\.cores is 2 .* 64/,
    ],
    ['no such file', ['c.json'], [], /cannot read c\.json: there is no such file/],
    ['an unknown metric', ['--minimum-effect', 'latncy.p50=3%'], [], /did you mean "latency\.p50"\?/],
    ['a path that cannot be', ['--json', '/dev/null/x/y'], [], /--json \/dev\/null\/x\/y: cannot write into/],
  ] as const) {
    test(`${what} is exit 2, one sentence`, async context => {
      const folder = temporaryFolder(context)
      for (const [index, content] of contents.entries())
        writeFileSync(join(folder, `${'ab'[index]}.json`), JSON.stringify(content))
      const { code, stdout, stderr } = await cli(['calibrate', ...words], { cwd: folder })
      assert.equal(code, 2, stderr)
      assert.equal(stdout, '')
      assert.match(stderr, said)
      assert.equal(stderr.trim().split('\n').length, 1, stderr)
    })
  }
})
