import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { servers } from '../../servers/index.ts'
import { binary, cli, temporaryFolder } from './cli.ts'

/** Words, and what the one sentence on stderr must say. */
const wrong: readonly (readonly [words: string, sentence: RegExp])[] = [
  ['', /say what to do: run, storm, compare, ab, calibrate/],
  ['rnu', /unknown command "rnu": did you mean "run"\?/],
  ['run --tecnique sse', /unknown flag of "run" "--tecnique": did you mean "--technique"\?/],
  ['run sse', /"run" takes no argument "sse": see "pushbench run --help"/],
  ['run --metric x', /unknown flag of "run" "--metric": it is a flag of "trend"/],
  ['run -c', /--clients needs a value, e\.g\. -c 5000/],
  ['ab', /"ab" needs --base and --head: see/],
  ['run -t ssee', /--technique: unknown technique "ssee": did you mean "sse"\?/],
  ['run -s stedy', /--scenario: unknown scenario "stedy": did you mean "steady"\?/],
  ['run -c 0', /--clients: "0" is not a whole number of at least 1/],
  ['run -c -5', /--clients: "-5" is not a whole number of at least 1/],
  ['run -c 1.5', /--clients: "1\.5" is not a whole number/],
  ['run --clients 5 --clients 6', /--clients: takes one value, not "5" and "6"$/m],
  ['run -c 5 --clients 6 -c 7', /--clients: takes one value, not "5", "6" and "7"$/m],
  [
    'run --arrivals poisson --arrivals periodic',
    /--arrivals: takes one value, not "poisson" and "periodic"$/m,
  ],
  ['run -t sse -t ssee', /--technique: unknown technique "ssee": did you mean "sse"\?/],
  ['run -n 0', /--runs: "0" is not a whole number of at least 1/],
  ['run -w 0', /--workers: "0" is not a whole number of at least 1/],
  ['run -R 2', /--rate: "2" is not a rate: write it like 2\/s/],
  ['run -R 0/s', /--rate: "0\/s" is not a rate/],
  ['run -d 5', /--duration: "5" is not a duration: write it like 500ms, 30s or 2m/],
  ['run -d 0', /--duration: "0" is not a duration above 0/],
  ['run -W -1s', /--warmup: "-1s" is not a duration/],
  ['run --payload 10', /--payload: "10" is out of range: .* at least 40 bytes/],
  ['run --payload 1GB', /--payload: "1GB" is not a size/],
  ['run --audience rooms:0', /--audience: "rooms:0" is not an audience/],
  ['run --audience rooms:9 -c 5', /--audience rooms:9 has more rooms than the 5 clients/],
  ['run --delivery best', /--delivery: "best" is not one of log, session-queue, last-value/],
  ['run --pages-per-session 0', /--pages-per-session: "0" is not a whole number of at least 1/],
  ['run --backend-poll 100', /--backend-poll: "100" is not a duration/],
  [
    'run -s null-flag -t sse',
    /--technique: the scenario "null-flag" is about busy-polling; .* nothing of sse/,
  ],
  ['run --ceiling long', /--ceiling: "long" is not a duration: write it like 500ms/],
  ['run --ceiling 5ms', /--ceiling: "5ms" is too short to count requests in/],
  ['run --rtt 50', /--rtt: "50" is not a duration/],
  ['run --bandwidth 10', /--bandwidth: "10" is not a bandwidth: write it like 10Mbit/],
  ['run --buffer all', /--buffer: "all" is not a buffer: .* or until-end/],
  ['run --buffer 5MiB', /--buffer: "5MiB" is not a buffer: write a size from 1 to 4MiB/],
  ['run --rechunk 0', /--rechunk: "0" is not a size above 0/],
  ['run --idle-cut 0', /--idle-cut: "0" is not a duration above 0/],
  ['run --idlecut 1s', /unknown flag of "run" "--idlecut": did you mean "--idle-cut"\?/],
  ['run --rtt 50ms -c 100000000', /--clients 100000000 is more than this machine/],
  ['run --arrivals random', /--arrivals: "random" is not one of poisson, periodic/],
  ['run --set polling', /--set: "polling" is not <technique>\.<setting>=<value>/],
  ['run --set poling.interval=1s', /--set: unknown technique "poling": did you mean "polling"\?/],
  [
    'run --set polling.intervall=1s',
    /--set: unknown setting of polling "intervall": did you mean "interval"\?/,
  ],
  ['run --set polling.interval=1', /--set polling\.interval: "1" is not a duration/],
  ['run --set polling.interval=0', /--set polling\.interval: "0" is too small: give at least 1ms/],
  ['run -t sse --set polling.interval=1s', /sets polling, which is not measured: add it to --technique/],
  ['run -c 100000000', /--clients 100000000 is more than this machine allows: .* file descriptors/],
  ['run -o /dev/null/folder', /--output .*: cannot write into .*not a directory/],
  [
    'run -o /proc/x',
    /--output \/proc\/x: cannot write into \/proc\/x: nothing can be made there; give another/,
  ],
  ['run -o /proc', /--output \/proc: cannot write into \/proc: /],
  ['run --json /dev/null/x/y.json', /--json .*: cannot write into/],
  ['run --json - --csv -', /--json - and --csv - both want stdout/],
  ['run --config /nonexistent.json', /--config: there is no file/],
  [
    'run --threshold latency.p9<1s',
    /--threshold: unknown metric "latency\.p9": did you mean "latency\.p90"\?/,
  ],
  ['run --threshold latency.p99<250', /--threshold: latency\.p99 is a duration, "250" has no unit/],
  ['run --threshold slow', /--threshold: "slow" is not a condition/],
  ['run --threshold latency.p99{tecnique:sse}<1s', /--threshold: "\{tecnique:sse\}" is not a filter/],
  ['run --fault restart:at=9s', /--fault restart:at=9s: it happens 9s into a measured window of 6s: give/],
  [
    'storm --fault restart:at=30s',
    /--fault restart:at=30s: it happens 30s into a measured window of 20s: give an earlier at= or a longer --duration/,
  ],
  [
    'storm --fault restart:down=30s',
    /--fault restart:down=30s: from 1s on it lasts 30s, beyond the measured window of 20s: make it shorter or give a longer --duration/,
  ],
  ['storm -d 2s --fault freeze:down=5s', /--fault freeze:down=5s: from 1s on it lasts 5s, beyond/],
  ['storm --fault restrt', /--fault: unknown fault "restrt": did you mean "restart"\?/],
  ['storm --fault restart:dwn=2s', /--fault: fault restart has no parameter "dwn": it has at, down/],
  ['storm --fault restart:down=', /--fault: down of fault restart: "" is not a duration/],
  ['storm --fault restart:at=3s..1s', /--fault: at of fault restart: "3s\.\.1s" ends before it begins/],
  ['storm --fault restart:down=2s:down=3s', /--fault: fault restart sets down twice: give it once/],
  ['storm --fault drop:share=2', /--fault: share of fault drop: "2" is not a share: write a number above 0/],
  ['storm -t sse,websocket --fault herd', /--fault: clients of sse do not ask again, so no herd forms/],
  ['storm -t polling --fault hold-expiry', /--fault: polling holds no request, so no hold can expire/],
  ['storm --backoff fulljitter', /--backoff: unknown backoff "fulljitter": did you mean "full-jitter"\?/],
  [
    'storm --backoff full-jitter:base=10s:cap=1s',
    /--backoff: cap of backoff full-jitter: 1s is below its base 10s: give cap=10s or more/,
  ],
  [
    'storm --backoff exponential:base=40s',
    /--backoff: cap of backoff exponential: 30s is below its base 40s/,
  ],
  ['storm --backoff none:base=3s', /--backoff: backoff none has no parameter "base": leave it out/],
  ['storm --backoff fixed:base=0', /--backoff: base of backoff fixed: "0" is too small: give at least 1us/],
  ['storm --accept-rate 0/s', /--accept-rate: "0\/s" is not a rate: write it like 2\/s/],
  ['storm --attempt-timeout 0', /--attempt-timeout: "0" is not a duration above 0/],
  ['storm --horizon 5m', /--horizon: it is for simulations only: add --simulate/],
  ['storm --simulat', /unknown flag of "storm" "--simulat": did you mean "--simulate"\?/],
  [
    'storm --simulate -t sse',
    /--simulate does not take --technique; leave it out \(it takes --clients, --fault/,
  ],
  ['storm --simulate --csv -', /--simulate does not take --csv; leave it out/],
  ['storm --simulate --fault herd', /--fault herd: the simulator covers .*: give drop, restart, deploy/],
  ['storm --simulate -c 3000000', /--clients 3000000 is more than the simulator takes: give at most 2097152/],
  [
    'storm --simulate --fault restart:down=2h --horizon 1h',
    /--fault restart:down=2h: it lasts 2h, beyond the simulated time of 1h: make it shorter or give a longer --horizon/,
  ],
  ['storm --simulate --fault deploy:over=13h', /--fault deploy:over=13h: it lasts 13h, beyond/],
  ['storm --simulate --horizon 100h', /--horizon: "100h" is out of range: give up to 12h/],
  ['storm --simulate --service-time 5', /--service-time: "5" is not a duration: write it like 500ms/],
  ['storm --simulate --rtt 50ms --attempt-timeout 90ms', /--attempt-timeout 90ms is over before .* 100ms/],
  ['storm --simulate --accept-rate 1/h', /--accept-rate: 1000 clients would take the server longer than 3h/],
  [
    'storm --simulate -c 1000000 --accept-rate 100/s --backoff none --attempt-timeout 1ms',
    /--backoff none: clients would make about [\d,]+ attempts, which takes too long to simulate: give fewer/,
  ],
  ['list technique', /unknown list "technique": did you mean "techniques"\?/],
  ['serve poling', /unknown technique "poling": did you mean "polling"\?/],
  ['serve sse --port 99999', /--port: "99999" is not a port/],
  ['serve sse --host example', /--host: "example" is not an address of this machine/],
  ['serve sse --host 192.0.2.1', /--host: 192\.0\.2\.1 is not an address of this machine/],
  ['report /nonexistent.json', /cannot read \/nonexistent\.json: there is no such file/],
]

describe('wrong usage is exit 2, one sentence on stderr and nothing on stdout', () => {
  for (const [words, sentence] of wrong) {
    test(`pushbench ${words}`, async () => {
      const { code, stdout, stderr } = await cli(words.split(' ').filter(word => word !== ''))
      assert.equal(code, 2, stderr)
      assert.equal(stdout, '')
      assert.match(stderr, sentence)
      assert.equal(stderr.trim().split('\n').length, 1, stderr)
    })
  }

  test('a list of nothing shows what can be listed, as many as the registries say', async () => {
    const { code, stdout, stderr } = await cli(['list'])
    assert.deepEqual([code, stderr], [0, ''])
    const count = Object.keys(servers).length
    assert.match(
      stdout,
      new RegExp(`^list +entries +what it is\\ntechniques +${count} .*\\n(.*\\n)*settings +\\d+ `),
    )
  })

  test('a port that is in use is named', async context => {
    const taken = createServer()
    await new Promise<void>(resolve => taken.listen(0, '127.0.0.1', resolve))
    context.after(() => taken.close())
    const address = taken.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const { code, stderr } = await binary(['serve', 'sse', '--port', String(port)])
    assert.equal(code, 2)
    assert.match(
      stderr,
      new RegExp(`--port: ${port} on 127\\.0\\.0\\.1 is in use: give another, or 0 for a free one`),
    )
  })

  for (const [name, text, sentence] of [
    ['empty', '', /is empty/],
    ['truncated', '{"schemaVersion":1,"tool":{"name":"pushb', /is not complete JSON \(40 characters\)/],
    ['foreign', '{"results":[]}', /was not written by pushbench/],
    [
      'of another schema',
      '{"schemaVersion":7,"tool":{"name":"pushbench"}}',
      /has schemaVersion 7; this version of pushbench reads 1/,
    ],
  ] as const) {
    test(`a report of a file that is ${name} says so`, async context => {
      const file = join(temporaryFolder(context), 'results.json')
      writeFileSync(file, text)
      const { code, stderr } = await cli(['report', file])
      assert.equal(code, 2)
      assert.match(stderr, sentence)
      assert.equal(stderr.trim().split('\n').length, 1)
    })
  }
})

describe('flags come before the environment before the configuration file', () => {
  const broken = { clients: 'many' }
  test('a value in the configuration file is read, and an error names the file', async context => {
    const folder = temporaryFolder(context)
    writeFileSync(join(folder, 'pushbench.config.json'), JSON.stringify(broken))
    const { code, stderr } = await cli(['run'], { cwd: folder })
    assert.equal(code, 2)
    assert.match(stderr, /pushbench\.config\.json: clients: "many" is not a whole number/)
  })

  for (const [option, sentence] of [
    ['{"clients":[5,6]}', /config\.json: clients: takes one value, not "5" and "6"$/m],
    ['{"clients":[5]}', /config\.json: clients: takes one value, not a list$/m],
    ['{"clients":null}', /config\.json: clients: null is neither a text nor a number$/m],
    ['{"technique":5}', /config\.json: technique: 5 is neither a text nor a list of texts$/m],
  ] as const) {
    test(`${option} in the configuration file is wrong in one sentence`, async context => {
      const folder = temporaryFolder(context)
      writeFileSync(join(folder, 'pushbench.config.json'), option)
      const { code, stderr } = await cli(['run'], { cwd: folder })
      assert.equal(code, 2)
      assert.match(stderr, sentence)
    })
  }

  test('an unknown key of the configuration file is named with the nearest', async context => {
    const folder = temporaryFolder(context)
    writeFileSync(join(folder, 'pushbench.config.js'), 'export default { client: 3 }')
    const { code, stderr } = await cli(['run'], { cwd: folder })
    assert.equal(code, 2)
    assert.match(stderr, /unknown option "client": did you mean "clients"\?/)
  })

  test('an error in the environment names the variable', async () => {
    const { code, stderr } = await cli(['run'], { env: { PUSHBENCH_RATE: 'fast' } })
    assert.equal(code, 2)
    assert.match(stderr, /PUSHBENCH_RATE: "fast" is not a rate/)
  })

  test('each source gives way to the one before it', async context => {
    const folder = temporaryFolder(context)
    writeFileSync(
      join(folder, 'pushbench.config.ts'),
      "export default { technique: 'sse', clients: 3 as number, rate: '50/s', duration: '1s', warmup: '100ms', seed: 3 }",
    )
    const { code, stdout, stderr } = await binary(
      ['run', '--seed', '5', '--json', '-', '-q', '-o', join(folder, 'out')],
      {
        cwd: folder,
        env: { PUSHBENCH_CLIENTS: '4', PUSHBENCH_SEED: '4' },
      },
    )
    assert.equal(code, 0, stderr)
    const [measurement] = JSON.parse(stdout).measurements
    assert.deepEqual(
      [
        measurement.technique,
        measurement.workload.ratePerSecond,
        measurement.workload.clients,
        measurement.workload.seed,
      ],
      ['sse', 50, 4, 5],
    )
  })
})
