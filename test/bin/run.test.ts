import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { parseResult, type Result } from '../../index.ts'
import { binary, childrenOf, cli, gone, start, temporaryFolder } from './cli.ts'

const schema = JSON.parse(readFileSync(new URL('../../results.schema.json', import.meta.url), 'utf8'))
const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(schema)

function readResult(text: string): Result {
  const result = parseResult(text, 'the result')
  assert.ok(validate(JSON.parse(text)), JSON.stringify(validate.errors))
  return result
}

const short = [
  '--no-ceiling',
  '--audience',
  'broadcast',
  '-c',
  '20',
  '-R',
  '50/s',
  '-d',
  '1s',
  '-W',
  '200ms',
  '--set',
  'polling.interval=100ms',
]

describe('pushbench run', () => {
  test('measures several techniques and writes data to stdout, everything else to stderr', async context => {
    const folder = temporaryFolder(context)
    const { code, stdout, stderr } = await binary([
      'run',
      '-t',
      'polling,websocket',
      ...short,
      '--json',
      '-',
      '-o',
      folder,
    ])
    assert.equal(code, 0, stderr)
    const result = readResult(stdout)
    assert.equal(stdout, readFileSync(join(folder, 'results.json'), 'utf8'))
    assert.deepEqual(
      result.measurements.map(({ technique, passed }) => [technique, passed]),
      ['polling', 'websocket'].map(technique => [technique, true]),
    )
    for (const { events, clients, latencyMicros } of result.measurements) {
      assert.equal(clients.connected, 20)
      assert.equal(events.expected, events.published * 20)
      assert.equal(events.delivered, events.expected)
      assert.equal(latencyMicros?.count, events.delivered)
    }
    assert.match(stderr, /technique +state/)
    assert.match(stderr, /report: .*report\.html/)
    assert.match(readFileSync(join(folder, 'report.html'), 'utf8'), /^<!doctype html>/i)
  })

  test('prints the table on stdout and a line for each run on stderr when no data is asked for', async context => {
    const { code, stdout, stderr } = await cli([
      'run',
      '-t',
      'sse',
      ...short.slice(0, -2),
      '-o',
      temporaryFolder(context),
    ])
    assert.equal(code, 0, stderr)
    assert.match(stdout, /sse +passed/)
    const progress = stderr.split('\n').filter(line => line.startsWith('['))
    assert.equal(progress.length, 1, stderr)
    assert.match(
      progress[0] ?? '',
      /^\[1\/1\] sse \(steady\) {2}measuring: \d+ connected; passed, delivered [\d,]+, p50 /,
    )
    assert.ok(!stderr.includes('\x1b'), 'no terminal, no control sequences')
  })

  test('--quiet prints nothing', async context => {
    const { code, stdout, stderr } = await cli([
      'run',
      '-q',
      '-t',
      'sse',
      ...short.slice(0, -2),
      '-o',
      temporaryFolder(context),
    ])
    assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: '', stderr: '' })
  })

  test('a threshold that fails is exit 99 and says by how much', async context => {
    const { code, stderr } = await cli([
      ...['run', '-t', 'sse', ...short.slice(0, -2), '-o', temporaryFolder(context)],
      ...['--threshold', 'events.delivered < 5', '--threshold', 'events.lost == 0'],
    ])
    assert.equal(code, 99)
    assert.match(stderr, /threshold failed: events\.delivered < 5: sse has \d+$/m)
    assert.doesNotMatch(stderr, /events\.lost/)
  })

  test('a threshold that speaks of nothing measured fails', async context => {
    const { code, stderr } = await cli([
      ...['run', '-t', 'sse', ...short.slice(0, -2), '-o', temporaryFolder(context)],
      ...['--threshold', 'latency.p99{technique:polling} < 1h'],
    ])
    assert.equal(code, 99)
    assert.match(stderr, /nothing was measured that it speaks of/)
  })

  test('no event in the window is a failure, never a pass', async context => {
    const { code, stdout } = await cli([
      'run',
      '-t',
      'sse',
      '-c',
      '2',
      '-R',
      '1/h',
      '-d',
      '300ms',
      '-W',
      '0',
      // A heartbeat would have to settle first, which takes twice its interval.
      '--set',
      'sse.heartbeat=0',
      '-o',
      temporaryFolder(context),
    ])
    assert.equal(code, 4)
    assert.match(stdout, /no event was received in the measured window/)
  })

  test('SIGINT mid-run exits 130 with a valid partial result and leaves no process behind', async context => {
    const folder = temporaryFolder(context)
    const run = start([
      'run',
      '-t',
      'sse,websocket',
      '-c',
      '10',
      '-R',
      '500/s',
      '-d',
      '60s',
      '-W',
      '100ms',
      '-o',
      folder,
    ])
    await run.said(/measuring: 10 connected/)
    const children = childrenOf(run.pid).map(({ pid }) => pid)
    assert.equal(children.length, 2)
    run.process.kill('SIGINT')
    assert.equal(await run.ended, 130)
    await gone(children)
    const result = readResult(readFileSync(join(folder, 'results.json'), 'utf8'))
    assert.equal(result.aborted, true)
    const [measurement, ...others] = result.measurements
    assert.equal(others.length, 0)
    assert.ok(measurement !== undefined && measurement.events.delivered > 0)
    assert.equal(measurement.events.lost, 0)
    assert.ok(measurement.warnings.some(({ code }) => code === 'aborted'))
    assert.ok(measurement.workload.durationMicros < 60_000_000)
    assert.match(run.stdout(), /Not measured: websocket\./)
    assert.match(run.stderr(), /; aborted, delivered/)
  })

  test('a server killed mid-run is a failed measurement and exit 4 while the others still run', async context => {
    const folder = temporaryFolder(context)
    const run = start([
      'run',
      '-t',
      'sse,websocket',
      '-c',
      '20',
      '-R',
      '100/s',
      '-d',
      '4s',
      '-W',
      '100ms',
      '-o',
      folder,
    ])
    await run.said(/measuring: 20 connected/)
    const children = childrenOf(run.pid)
    const server = children.find(({ command }) => command.includes('server-process'))
    assert.ok(server !== undefined)
    process.kill(server.pid, 'SIGKILL')
    assert.equal(await run.ended, 4)
    await gone(children.map(({ pid }) => pid))
    assert.match(
      run.stdout(),
      /sse failed: the server was killed by SIGKILL, \d\.\d s into the measured window/,
    )
    const { measurements, aborted } = readResult(readFileSync(join(folder, 'results.json'), 'utf8'))
    assert.equal(aborted, false)
    assert.deepEqual(
      measurements.map(({ technique, passed }) => [technique, passed]),
      [
        ['sse', false],
        ['websocket', true],
      ],
    )
    assert.ok(measurements[0]?.warnings.some(({ code }) => code === 'server-died'))
  })

  test('a fleet beyond the descriptors of one process is split over several', async context => {
    const folder = temporaryFolder(context)
    // 160 descriptors leave room for 60 connections a process.
    const { spawnSync } = await import('node:child_process')
    const words = `run -t sse -c 100 --audience broadcast -R 5/s -d 1s -W 200ms -q -o ${folder}`
    const launcher = new URL('../../bin/launch.js', import.meta.url).pathname
    const { status, stderr } = spawnSync(
      'sh',
      ['-c', `ulimit -n 160; exec "${process.execPath}" "${launcher}" ${words}`],
      { encoding: 'utf8' },
    )
    assert.equal(status, 0, stderr)
    for (const { workload, events, clients } of readResult(readFileSync(join(folder, 'results.json'), 'utf8'))
      .measurements) {
      assert.deepEqual([workload.shards, workload.servers, clients.connected], [2, 2, 100])
      assert.equal(events.delivered, events.published * 100)
    }
  })
})

describe('pushbench report', () => {
  test('renders every format again, the same each time', async context => {
    const folder = temporaryFolder(context)
    await cli(['run', '-t', 'sse', ...short.slice(0, -2), '-q', '-o', folder])
    const html = readFileSync(join(folder, 'report.html'), 'utf8')
    const formats = ['csv', 'markdown', 'junit', 'json'].flatMap(name => [`--${name}`, join(folder, name)])
    const { code, stdout } = await cli(['report', join(folder, 'results.json'), ...formats])
    assert.equal(code, 0)
    // A run on a busy machine may have failed.
    const [measured] = readResult(readFileSync(join(folder, 'results.json'), 'utf8')).measurements
    assert.match(stdout, measured?.passed ? /sse +passed/ : /sse +failed/)
    assert.equal(readFileSync(join(folder, 'report.html'), 'utf8'), html)
    assert.match(readFileSync(join(folder, 'csv'), 'utf8'), /latency\.p99/)
    assert.match(readFileSync(join(folder, 'junit'), 'utf8'), /<testsuites?/)
    assert.match(readFileSync(join(folder, 'markdown'), 'utf8'), /\| sse/)
    assert.equal(
      readFileSync(join(folder, 'json'), 'utf8'),
      readFileSync(join(folder, 'results.json'), 'utf8'),
    )
  })
})
