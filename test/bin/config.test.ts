import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { parseResult } from '../../index.ts'
import { configurationJsonSchema } from '../../plan/configuration.ts'
import { cli, temporaryFolder } from './cli.ts'

const load = { technique: 'sse', clients: 3, rate: '50/s', duration: '300ms', warmup: '50ms', runs: 3 }

/** A folder with a configuration. */
function configured(context: Parameters<typeof temporaryFolder>[0], configuration: unknown): string {
  const folder = temporaryFolder(context)
  writeFileSync(join(folder, 'pushbench.config.json'), JSON.stringify(configuration))
  return folder
}

describe('thresholds in the configuration file', { concurrency: 2 }, () => {
  test('fail the run as those of the command line do', async context => {
    const folder = configured(context, { ...load, runs: 1, thresholds: ['events.delivered < 1'] })
    const { code, stderr } = await cli(['run', '-q', '-o', 'out'], { cwd: folder })
    assert.equal(code, 99, stderr)
    assert.match(stderr, /threshold failed: events\.delivered < 1: sse has \d+$/m)
  })

  test('give way to those of the command line', async context => {
    const folder = configured(context, { ...load, runs: 1, thresholds: ['events.delivered < 1'] })
    const words = ['run', '-q', '-o', 'out', '--threshold', 'events.delivered > 0']
    const { code, stderr } = await cli(words, { cwd: folder })
    assert.equal(code, 0, stderr)
  })

  test('with abort at its end, the first run that breaks one is the last, and exit 99 says so', async context => {
    const folder = configured(context, { ...load, thresholds: ['events.delivered < 1 abort'] })
    const { code, stderr } = await cli(['run', '-q', '-o', 'out'], { cwd: folder })
    assert.equal(code, 99, stderr)
    assert.match(stderr, /threshold failed: events\.delivered < 1 abort: sse has/)
    assert.match(stderr, /the measurement ended there/)
    const result = parseResult(readFileSync(join(folder, 'out/results.json'), 'utf8'), 'the result')
    assert.equal(result.aborted, true)
    assert.deepEqual(
      result.measurements.map(({ run, passed }) => [run, passed]),
      [[1, true]],
    )
  })

  test('abort leaves a series alone that meets its threshold', async context => {
    const folder = configured(context, { ...load, runs: 2, thresholds: ['events.lost == 0 abort'] })
    const { code, stderr } = await cli(['run', '-q', '-o', 'out'], { cwd: folder })
    assert.equal(code, 0, stderr)
    const result = parseResult(readFileSync(join(folder, 'out/results.json'), 'utf8'), 'the result')
    assert.deepEqual([result.aborted, result.measurements.length], [false, 2])
  })
})

describe('wrong configuration is exit 2, one sentence, before anything runs', { concurrency: 2 }, () => {
  for (const [configuration, said] of [
    [
      { thresholds: ['latency.p99 < 250'] },
      /config\.json: thresholds: latency\.p99 is a duration, "250" has no unit/,
    ],
    [
      { thresholds: ['latency.p9 < 1s'] },
      /thresholds: unknown metric "latency\.p9": did you mean "latency\.p90"\?/,
    ],
    [
      { thresholds: ['events.lost{technique:ssee} == 0'] },
      /thresholds: unknown technique "ssee": did you mean "sse"\?/,
    ],
    [
      { thresholds: ['events.lost{scenario:stedy} == 0'] },
      /unknown scenario "stedy": did you mean "steady"\?/,
    ],
    [{ thresholds: 'events.lost == 0' }, /thresholds: "events\.lost == 0" is not a list of texts/],
    [{ threshold: ['events.lost == 0'] }, /unknown option "threshold": did you mean "thresholds"\?/],
    [['sse'], /the configuration is not an object of options/],
  ] as const) {
    test(JSON.stringify(configuration), async context => {
      const folder = configured(context, configuration)
      const { code, stdout, stderr } = await cli(['run'], { cwd: folder })
      assert.equal(code, 2, stderr)
      assert.equal(stdout, '')
      assert.match(stderr, said)
      assert.equal(stderr.trim().split('\n').length, 1, stderr)
      assert.ok(!existsSync(join(folder, 'pushbench-results')))
    })
  }
})

describe('--print-config', { concurrency: 2 }, () => {
  const row = (stdout: string, option: string): string[] =>
    stdout
      .split('\n')
      .find(line => line.startsWith(`${option} `))
      ?.split(/ {2,}/) ?? []

  test('shows each option with its value and where that comes from, and measures nothing', async context => {
    const folder = configured(context, {
      clients: 3,
      rate: '50/s',
      seed: 3,
      thresholds: ['events.lost == 0'],
    })
    const inner = join(folder, 'inner')
    mkdirSync(inner)
    const { code, stdout, stderr } = await cli(
      ['run', '--print-config', '--seed', '5', '-t', 'sse,polling'],
      {
        cwd: inner,
        env: { PUSHBENCH_RATE: '4/s', PUSHBENCH_SEED: '4' },
      },
    )
    assert.deepEqual([code, stderr], [0, ''])
    const file = join(folder, 'pushbench.config.json')
    for (const [option, value, from] of [
      ['--technique', 'sse,polling', '--technique'],
      ['--clients', '3', file],
      ['--rate', '4/s', 'PUSHBENCH_RATE'],
      ['--seed', '5', '--seed'],
      ['--payload', '128', 'scenario steady'],
      ['--ceiling', '2s', 'default'],
      ['--threshold', 'events.lost == 0', file],
    ] as const) {
      const [, shown, origin] = row(stdout, option)
      assert.equal(origin, from, option)
      assert.equal(shown, value, option)
    }
    assert.ok(stdout.includes(`configuration file: ${file}`))
    assert.ok(!existsSync(join(inner, 'pushbench-results')))
  })

  test('still finds what is wrong', async () => {
    const { code, stderr } = await cli(['run', '--print-config', '-c', 'many'])
    assert.equal(code, 2)
    assert.match(stderr, /--clients: "many" is not a whole number/)
  })

  test('shows what a command gives where nobody else does', async () => {
    const { code, stdout } = await cli(['storm', '--print-config'])
    assert.equal(code, 0)
    for (const shown of [
      ['--scenario', 'storm', 'default'],
      ['--technique', 'polling, long-polling, sse, websocket', 'scenario storm'],
      ['--rate', '5/s', 'scenario storm'],
      ['--duration', '20s', 'scenario storm'],
    ])
      assert.deepEqual(row(stdout, shown[0] ?? ''), shown)
  })

  test('shows what the scenarios give', async () => {
    const { stdout } = await cli(['run', '-s', 'cd-sales-page,steady', '--print-config', '--rate', '3/s'])
    for (const shown of [
      ['--clients', '400 (cd-sales-page), 1000 (steady)', 'scenarios cd-sales-page, steady'],
      ['--audience', 'broadcast (cd-sales-page), rooms:100 (steady)', 'scenarios cd-sales-page, steady'],
      ['--delivery', 'last-value (cd-sales-page), log (steady)', 'scenarios cd-sales-page, steady'],
      ['--payload', '64 (cd-sales-page), 128 (steady)', 'scenarios cd-sales-page, steady'],
      ['--rate', '3/s', '--rate'],
    ])
      assert.deepEqual(row(stdout, shown[0] ?? ''), shown)
    const own = await cli(['run', '-s', 'reverse-ajax-demo', '-c', '20', '--print-config'])
    assert.equal(row(own.stdout, '--set')[1], 'polling.interval=2s, piggyback.action=500ms')
  })
})

describe('the JSON Schema of a configuration', () => {
  const schema = configurationJsonSchema()
  const validate = new Ajv2020({ strict: false }).compile(schema)

  test('knows every key and its form', () => {
    for (const [configuration, valid] of [
      [{ ...load, thresholds: ['events.lost == 0'], set: ['polling.interval=1s'] }, true],
      [{ technique: ['sse', 'polling'], ceiling: false }, true],
      [{ clients: ['5'] }, false],
      [{ client: 5 }, false],
      [{ arrivals: 'random' }, false],
      [{ thresholds: 'events.lost == 0' }, false],
    ] as const) {
      assert.equal(validate(configuration), valid, JSON.stringify(configuration))
    }
  })

  test('says of every key what it is for, in the words of the help', () => {
    const { properties } = schema as {
      properties: Record<string, { description?: string; default?: unknown }>
    }
    for (const [name, { description, ...rest }] of Object.entries(properties)) {
      assert.ok(description !== undefined && description.length > 10, name)
      assert.ok(!('default' in rest) && !('help' in rest), name)
    }
  })

  test('is published as the code makes it', () => {
    assert.equal(
      readFileSync(new URL('../../config.schema.json', import.meta.url), 'utf8'),
      `${JSON.stringify(schema, null, 2)}\n`,
      'run "npm run schema" and commit what it writes',
    )
  })
})
