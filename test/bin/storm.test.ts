import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { faults } from '../../faults/index.ts'
import { parseResult } from '../../index.ts'
import { backoffNames, backoffOf } from '../../model/backoff.ts'
import { parseBackoff } from '../../model/backoff-text.ts'
import { instant, milliseconds, seconds } from '../../model/units.ts'
import { defaultAttemptTimeout } from '../../model/workload.ts'
import { planRuns } from '../../plan/plan.ts'
import { show } from '../../reports/display.ts'
import { baseline, type StormModel, simulateStorm } from '../../simulation/storm-simulation.ts'
import { binary, childrenOf, cli, gone, start, temporaryFolder } from './cli.ts'

const words = (text: string): string[] => text.split(' ').filter(word => word !== '')

describe('pushbench storm', () => {
  test('by default: four techniques, restart by three policies, and the herd of those that ask again', () => {
    const runs = planRuns({ scenario: 'storm' }).map(({ pair, fault, workload }) =>
      [pair.technique, fault?.text.split(':')[0], workload.backoff.name].join(' '),
    )
    const restarts = (technique: string) =>
      ['none', 'eventsource', 'full-jitter'].map(backoff => `${technique} restart ${backoff}`)
    assert.deepEqual(runs, [
      ...restarts('polling'),
      'polling herd none',
      ...restarts('long-polling'),
      'long-polling herd none',
      ...restarts('sse'),
      ...restarts('websocket'),
    ])
  })

  test('a technique outside the suite can be asked for', () => {
    const techniques = planRuns({ scenario: 'storm', technique: 'fetch-streaming' }).map(
      ({ pair }) => pair.technique,
    )
    assert.deepEqual([...new Set(techniques)], ['fetch-streaming'])
  })

  test('measures a storm from the fault to the return of all, and shows it in the report', async context => {
    const folder = temporaryFolder(context)
    const { code, stdout, stderr } = await binary([
      ...words('storm -t sse,polling -c 20 -R 20/s -W 200ms -d 30s --set polling.interval=100ms'),
      ...words('--fault restart:at=300ms:down=200ms --backoff fixed:base=100ms --no-progress -o'),
      folder,
    ])
    assert.equal(code, 0, stderr)
    const { measurements } = parseResult(readFileSync(join(folder, 'results.json'), 'utf8'), 'the result')
    assert.deepEqual(
      measurements.map(({ technique, scenario, storm }) => [
        technique,
        scenario,
        storm?.fault,
        storm?.backoff,
        storm?.affected,
        storm?.neverBack,
      ]),
      // In the order in which they were asked for.
      ['sse', 'polling'].map(technique => [
        technique,
        'storm',
        'restart:at=300ms:down=200ms',
        'fixed:base=100ms',
        20,
        0,
      ]),
    )
    for (const { events, workload } of measurements) {
      assert.equal(events.lost, 0)
      assert.ok(workload.durationMicros < seconds(30), 'the window closed when all were back')
    }
    assert.match(stdout, /sse .*passed/)
    assert.match(readFileSync(join(folder, 'report.html'), 'utf8'), /restart:at=300ms:down=200ms/)
  })

  test('the storms of the suite apply to another scenario', async context => {
    const folder = temporaryFolder(context)
    const { code, stderr } = await cli([
      ...words('storm -s personal -t websocket -c 5 -R 20/s -W 0 -d 30s --backoff fixed:base=50ms -q -o'),
      folder,
    ])
    assert.equal(code, 0, stderr)
    const { measurements } = parseResult(readFileSync(join(folder, 'results.json'), 'utf8'), 'the result')
    assert.deepEqual(
      measurements.map(({ scenario, storm }) => [scenario, storm?.fault.split(':')[0], storm?.neverBack]),
      [['personal', 'restart', 0]],
    )
  })

  test('SIGINT while the server is away exits 130 with what was measured and leaves no process', async context => {
    const folder = temporaryFolder(context)
    const run = start([
      ...words('storm --progress -t sse -c 20 -R 20/s -W 100ms -d 60s'),
      ...words('--fault restart:at=200ms:down=40s --backoff fixed:base=200ms -o'),
      folder,
    ])
    await run.said(/measuring: 0 connected/)
    const children = childrenOf(run.pid).map(({ pid }) => pid)
    assert.ok(children.length > 0)
    run.process.kill('SIGINT')
    assert.equal(await run.ended, 130)
    await gone(children)
    const { aborted, measurements } = parseResult(
      readFileSync(join(folder, 'results.json'), 'utf8'),
      'the result',
    )
    assert.equal(aborted, true)
    assert.deepEqual(
      measurements.map(({ storm }) => [storm?.affected, storm?.neverBack]),
      [[20, 20]],
    )
  })
})

/** What the binary computes of the words, read as JSON. */
async function simulated(text: string) {
  const { code, stdout, stderr } = await cli(words(`storm --simulate -q --json - ${text}`))
  assert.equal(code, 0, stderr)
  return JSON.parse(stdout)
}

/** The rows of the table under a heading: cells by the name in the first column. */
function rowsUnder(text: string, heading: string): Map<string, readonly string[]> {
  const block = text.split('\n\n').find(each => each.startsWith(`${heading}  `)) ?? ''
  const lines = block.split('\n').map(line => line.trim().split(/ {2,}/))
  return new Map(lines.map(([name = '', ...cells]) => [name, cells]))
}

const model = (changes: Partial<StormModel>): StormModel => ({
  ...baseline,
  clients: 1_000,
  backoff: backoffOf('full-jitter'),
  attemptTimeout: defaultAttemptTimeout,
  ...changes,
})

describe('pushbench storm --simulate', () => {
  const tenSeconds = '--fault restart:down=10s -c 10000'
  const policies = 'fixed,exponential,socket.io,equal-jitter,rfc6455,decorrelated,full-jitter'

  test('policies come in the published order of peaks, those without jitter with all clients at once', async () => {
    const { stdout, code } = await cli(words(`storm --simulate ${tenSeconds} --backoff ${policies}`))
    assert.equal(code, 0)
    const rows = rowsUnder(stdout, 'arrivals per 100 ms')
    const peaks = policies.split(',').map(name => Number(rows.get(name)?.[0]?.replaceAll(',', '')))
    assert.deepEqual(peaks.slice(0, 2), [10_000, 10_000])
    assert.deepEqual(
      peaks,
      peaks.toSorted((a, b) => b - a),
    )
    assert.ok((peaks.at(-1) ?? 0) > 100 && (peaks[2] ?? 0) < 500, `${peaks}`)
  })

  test('the tables have the numbers of the simulator', async () => {
    const policy = 'full-jitter:cap=5s'
    const { stdout } = await cli(
      words(
        `storm --simulate -c 2000 --fault restart:down=2s --backoff ${policy} --accept-rate 1000/s --seed 7`,
      ),
    )
    const parsed = parseBackoff(policy)
    assert.ok('value' in parsed)
    const outcome = simulateStorm(
      model({
        clients: 2_000,
        backoff: parsed.value,
        serverBackAt: instant(seconds(2)),
        acceptPerSecond: 1_000,
        seed: 7,
      }),
    )
    const { arrivalsAfterReturn, backSinceFault, backSinceReturn, neverBack } = outcome
    const cell = (heading: string, at: number) => rowsUnder(stdout, heading).get(policy)?.[at]
    assert.equal(cell('arrivals per 100 ms', 0), show(arrivalsAfterReturn.peak, 'count'))
    assert.equal(cell('arrivals per 100 ms', 4), show(outcome.arrivals.peak, 'count'))
    assert.match(stdout, / peak incl\. refused$/m)
    assert.equal(cell('until back', 2), show(backSinceFault.t99, 'µs'))
    assert.equal(cell('until back', 6), show(backSinceReturn.t99, 'µs'))
    assert.equal(cell('until back', 8), show(neverBack, 'count'))
    assert.equal(cell('attempts', 0), show(outcome.attempts, 'count'))
    assert.equal(cell('attempts', 4), show(outcome.longestWait, 'µs'))
  })

  for (const [name, given, changes] of [
    ['restart', 'restart:down=3s', { serverBackAt: instant(seconds(3)) }],
    ['drop', 'drop:share=0.25', { droppedShare: 0.25 }],
    [
      'deploy',
      'deploy:over=4s:retry=2s --backoff server-directed',
      { noticeWithin: seconds(4), asked: seconds(2), backoff: backoffOf('server-directed') },
    ],
    [
      'a slow server far away',
      'drop --service-time 2ms --rtt 40ms --attempt-timeout 500ms',
      { serviceTime: milliseconds(2), roundTrip: milliseconds(40), attemptTimeout: milliseconds(500) },
    ],
  ] as const) {
    test(`${name}: the flags make the storm that they name`, async () => {
      const policy = given.includes('--backoff') ? '' : '--backoff full-jitter'
      const { storms } = await simulated(`--fault ${given} ${policy}`)
      const outcome = simulateStorm(model(changes))
      assert.equal(storms.length, 1)
      const [storm] = storms
      assert.equal(storm.fault, given.split(' ')[0])
      assert.equal(storm.dropped, outcome.dropped)
      assert.deepEqual(storm.arrivalsAfterReturnPer100ms, outcome.arrivalsAfterReturn)
      assert.deepEqual(storm.backMicros, outcome.backSinceFault)
      assert.deepEqual(storm.attempts, {
        total: outcome.attempts,
        refused: outcome.refusedAttempts,
        timeout: outcome.timedOutAttempts,
      })
      assert.deepEqual(storm.series.arrivals, [...outcome.series.arrivals])
    })
  }

  test('by default it has the suite as far as the model covers it', async () => {
    const { storms, jitterSweep } = await simulated('')
    assert.deepEqual(
      storms.map((storm: { fault: string; backoff: string }) => `${storm.fault} ${storm.backoff}`),
      ['none', 'eventsource', 'full-jitter:cap=5s'].map(policy => `restart:down=1s ${policy}`),
    )
    assert.equal(jitterSweep, null)
  })

  test('without an accept rate it says how to see the jitter that clients want; with one it says it', async () => {
    const flags = '--simulate -c 5000 --fault drop --backoff full-jitter --no-progress'
    assert.match((await cli(words(`storm ${flags}`))).stdout, /give --accept-rate/)
    const { stdout } = await cli(words(`storm ${flags} --accept-rate 500/s`))
    const [, found = '', share = ''] =
      /J >= n \/ accept-rate asks for 10 s: .* bounded .* from J = ([\d.]+) s on, ([\d.]+) times/.exec(
        stdout,
      ) ?? []
    assert.ok(Math.abs(Number(share) - 1) <= 0.1, stdout)
    assert.ok(Math.abs(Number(found) / 10 - Number(share)) < 0.01, stdout)
  })

  test('twice the same', async () => {
    const text = '-c 500 --fault restart:down=2s --seed 3'
    assert.deepEqual(await simulated(text), await simulated(text))
  })
})

describe('pushbench list', () => {
  for (const [what, names] of [
    ['faults', Object.keys(faults)],
    ['backoffs', backoffNames],
  ] as const) {
    test(`${what} has each by its name, as a table and as JSON`, async () => {
      const { stdout } = await cli(['list', what])
      const listed = stdout.split('\n').map(line => line.split(' ')[0])
      assert.deepEqual(
        listed.slice(1).filter(name => name !== ''),
        names,
      )
      const data = JSON.parse((await cli(['list', what, '--json'])).stdout)
      assert.deepEqual(
        data.map((entry: Record<string, string>) => entry[what.slice(0, -1)]),
        names,
      )
    })
  }

  test('faults says what each takes, with its unit and its default', async () => {
    const { stdout } = await cli(['list', 'faults'])
    assert.match(stdout, /^restart /m)
    assert.match(stdout, /^ {2}down= +duration +2s +how long nobody listens/m)
    assert.match(stdout, /^ {2}share= +share +1 +which part/m)
    assert.match(stdout, /^ {2}at= +duration +1s +when it happens/m)
  })

  test('backoffs says the parameters of each and where it is defined', async () => {
    const { stdout } = await cli(['list', 'backoffs'])
    assert.match(stdout, /^socket\.io +1s +5s +2 +no .*socket\.io-client 4/m)
    assert.match(stdout, /^eventsource +3s +- +- +yes .*WHATWG HTML/m)
  })
})
