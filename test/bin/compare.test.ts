import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { calibrate } from '../../compare/calibration.ts'
import type { Result } from '../../index.ts'
import { runs, ten, withBytes, withLost } from '../compare/results.ts'
import { measurementOf, resultOf } from '../reports/fixture.ts'
import { cli, temporaryFolder } from './cli.ts'

const later: Partial<Result> = {
  startedAt: '2026-02-01T00:00:00.000Z',
  finishedAt: '2026-02-01T00:01:00.000Z',
}
const steady = withBytes(ten(200, 0.1))
const heavier: Result = { ...withBytes(ten(210, 0.1)), ...later }
const same: Result = { ...withBytes(ten(200, 0.1)), ...later }

/** Files of a base and a head, and the comparison of the two. */
async function compared(
  context: TestContext,
  base: Result | string,
  head: Result | string,
  ...words: string[]
) {
  const folder = temporaryFolder(context)
  const files = { base, head }
  for (const [name, content] of Object.entries(files))
    writeFileSync(
      join(folder, `${name}.json`),
      typeof content === 'string' ? content : JSON.stringify(content),
    )
  return { folder, ...(await cli(['compare', 'base.json', 'head.json', ...words], { cwd: folder })) }
}

describe('the exit code is the verdict', () => {
  const open: Result = { ...withBytes(ten(200, 9)), ...later }
  const sound = withLost(Array(10).fill(0))
  const lossy: Result = { ...withLost([1, ...Array(9).fill(0)]), ...later }
  const cases: readonly (readonly [
    what: string,
    base: Result,
    head: Result,
    words: string[],
    code: number,
    said: RegExp,
  ])[] = [
    ['5 % more bytes', steady, heavier, [], 3, /^regressed: 1 of/m],
    ['the same', steady, same, [], 0, /^unchanged: no change that matters/m],
    ['what cannot be decided', steady, open, [], 0, /^inconclusive: 1 of/m],
    ['what cannot be decided', steady, open, ['--strict'], 5, /^inconclusive: 1 of/m],
    [
      '5 % more bytes',
      steady,
      heavier,
      ['--minimum-effect', 'egress.perDelivery=10%'],
      0,
      /^unchanged: no change/m,
    ],
    ['a loss in one run of ten', sound, lossy, [], 3, /^regressed +sse: events\.lost/m],
  ]
  for (const [what, base, head, words, code, said] of cases) {
    test(`${what} ${words.join(' ')}: exit ${code}`, async context => {
      const found = await compared(context, base, head, ...words)
      assert.equal(found.code, code, found.stderr + found.stdout)
      assert.match(found.stdout, said)
      assert.equal(found.stderr, '')
    })
  }
})

describe('wrong input is exit 2, one sentence on stderr that names the file, and nothing on stdout', () => {
  const other = resultOf([measurementOf({ technique: 'sse', scenario: 'storm' })])
  const polling = resultOf([measurementOf({ technique: 'polling' })])
  const more = runs(10, ({ workload }) => ({ workload: { ...workload, clients: 7 } }))
  const node = { ...steady, ...later, environment: { ...steady.environment, node: 'v1' } }
  const cut = JSON.stringify(steady).slice(0, 1_000)
  const cases: readonly (readonly [
    what: string,
    base: Result | string,
    head: Result | string,
    said: RegExp,
  ])[] = [
    ['an empty baseline', resultOf([]), steady, /base\.json holds no measurement: give the results\.json/],
    ['an empty file', '', steady, /base\.json is empty: give the results\.json that a run wrote/],
    [
      'a truncated file',
      steady,
      cut,
      /head\.json is not complete JSON \(1000 characters\): the file was cut/,
    ],
    ['no result', '{"tool":{"name":"ab"}}', steady, /base\.json was not written by pushbench/],
    [
      'another schema version',
      JSON.stringify({ ...steady, schemaVersion: 9 }),
      steady,
      /base\.json has schemaVersion 9; this version of pushbench reads 1/,
    ],
    [
      'a baseline of another scenario',
      other,
      steady,
      /base\.json and head\.json have no scenario in common: the one has storm, the other steady/,
    ],
    [
      'another technique',
      polling,
      steady,
      /have no technique in common: the one has polling in steady, the other sse/,
    ],
    [
      'swapped arguments',
      heavier,
      steady,
      /base\.json was measured after head\.json .*: give the older result first, or give --allow-different/,
    ],
    [
      'another load',
      steady,
      { ...more, ...later },
      /base\.json and head\.json differ in more than the code: workload\.clients is 100 in the base and 7 in the head \(sse in steady\): measure both alike, or give --allow-different/,
    ],
    ['another runtime', steady, node, /environment\.node is v26\.10\.0 in the base and v1 in the head/],
  ]
  for (const [what, base, head, said] of cases) {
    test(what, async context => {
      const { code, stdout, stderr } = await compared(context, base, head)
      assert.equal(code, 2, stderr)
      assert.equal(stdout, '')
      assert.match(stderr, said)
      assert.equal(stderr.trim().split('\n').length, 1, stderr)
    })
  }

  for (const [words, said] of [
    ['compare /nonexistent.json head.json', /cannot read \/nonexistent\.json: there is no such file/],
    ['compare base.json .', /cannot read \.: it is a folder; give the results\.json in it/],
    ['compare base.json', /"compare" needs more arguments: give pushbench compare <base> <head>/],
    [
      'compare base.json head.json --minimum-effect latency.p9=20%',
      /unknown metric "latency\.p9": did you mean "latency\.p99"/,
    ],
    [
      'compare base.json head.json --minimum-effect latency.p99=20',
      /--minimum-effect: "20" is not a minimum effect, latency\.p99 changes by a ratio: write it in per cent, like 20%/,
    ],
    [
      'compare base.json head.json --minimum-effect emptyRatio=2%',
      /emptyRatio changes by a difference: write it as a plain number, like 0\.05/,
    ],
    ['compare base.json head.json --minimum-effect latency.p99', /"latency\.p99" is not <metric>=<size>/],
    ['compare base.json head.json --minimum-effect latency.p99=0%', /"0%" is not a minimum effect above 0/],
    [
      'compare base.json head.json --minimum-effect events.lost=3',
      /events\.lost has no minimum effect: any that is new is a regression/,
    ],
    [
      'compare base.json head.json --minimum-effect latency.max=3%',
      /a comparison does not judge latency\.max: choose from latency\.p50/,
    ],
    [
      'compare base.json head.json --calibration base.json',
      /base\.json is not a calibration of this version/,
    ],
    ['compare base.json head.json --json - --csv -', /--json - and --csv - both want stdout/],
  ] as const) {
    test(words, async context => {
      const folder = temporaryFolder(context)
      writeFileSync(join(folder, 'base.json'), JSON.stringify(steady))
      writeFileSync(join(folder, 'head.json'), JSON.stringify(heavier))
      const { code, stdout, stderr } = await cli(words.split(' '), { cwd: folder })
      assert.equal(code, 2, stderr)
      assert.equal(stdout, '')
      assert.match(stderr, said)
      assert.equal(stderr.trim().split('\n').length, 1, stderr)
    })
  }
})

describe('what leads the output', () => {
  test('a warning about too few runs comes before differences, and these before the verdict', async context => {
    const few = withBytes([200, 201])
    const other = { ...few, ...later, environment: { ...few.environment, node: 'v1' } }
    const { code, stdout } = await compared(context, few, other, '--allow-different')
    assert.equal(code, 0)
    const places = ['can never show a difference', 'environment.node is', 'inconclusive: '].map(text =>
      stdout.indexOf(text),
    )
    assert.ok(!places.includes(-1), stdout)
    assert.deepEqual(
      places,
      places.toSorted((a, b) => a - b),
    )
  })

  test('swapped results are compared with --allow-different, behind a warning', async context => {
    const { code, stdout } = await compared(context, heavier, steady, '--allow-different')
    assert.equal(code, 0)
    assert.match(stdout, /^warning: base\.json was measured after head\.json/)
    assert.match(stdout, /^improved: /m)
  })
})

describe('formats', () => {
  test('data on stdout moves the text to stderr', async context => {
    const { code, stdout, stderr } = await compared(context, steady, heavier, '--json', '-')
    assert.equal(code, 3)
    const { kind, verdict, findings } = JSON.parse(stdout)
    assert.deepEqual([kind, verdict], ['comparison', 'regressed'])
    assert.deepEqual(
      findings.flatMap((each: { metric: string; verdict: string }) =>
        each.verdict === 'regressed' ? [each.metric] : [],
      ),
      ['egress.perDelivery'],
    )
    assert.match(stderr, /^regressed: 1 of/m)
  })

  test('each flag writes its file; --quiet prints nothing', async context => {
    const names = ['json', 'csv', 'markdown', 'html', 'junit', 'annotations']
    const words = names.flatMap(name => [`--${name}`, `out.${name}`])
    const { folder, code, stdout, stderr } = await compared(context, steady, heavier, '-q', ...words)
    assert.deepEqual([code, stdout, stderr], [3, '', ''])
    for (const name of names)
      assert.match(readFileSync(join(folder, `out.${name}`), 'utf8'), /egress\.perDelivery/, name)
  })

  test('a calibration raises the minimum effects that the machine cannot resolve', async context => {
    const noise = withBytes(ten(200, 4))
    const folder = temporaryFolder(context)
    const file = join(folder, 'calibration.json')
    writeFileSync(file, JSON.stringify(calibrate([noise])))
    const { code, stdout } = await compared(context, steady, heavier, '--calibration', file)
    assert.equal(code, 0, stdout)
    assert.match(stdout, /note: egress\.perDelivery of sse in steady: this machine's noise hides 1 %/)
  })
})
