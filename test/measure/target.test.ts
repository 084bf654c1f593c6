/** A server that already runs: what is posted to it reaches the clients, and what is not known is left out. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Measurement, type RunOptions, run, UsageError } from '../../index.ts'
import { planRuns } from '../../plan/plan.ts'
import { startForeignSse } from './foreign-server.ts'

const load = { technique: 'sse', clients: 6, rate: '20/s', warmup: '200ms', duration: '1s' } as const

async function measured(options: RunOptions): Promise<Measurement> {
  const [measurement] = (await run({ ...load, ...options })).measurements
  assert.ok(measurement)
  return measurement
}

const nothingKnown = {
  cpuSeconds: null,
  cpuMicrosPerDelivery: null,
  rssBytes: null,
  rssBytesPerClient: null,
  loopDelayP99Micros: null,
  utilization: null,
}

for (const audience of ['rooms:2', 'individual']) {
  test(`events for ${audience} reach the clients of their stream, and none is lost`, async t => {
    const { target, publish, contentTypes } = await startForeignSse(t)
    const measurement = await measured({ target, publish, audience })
    assert.deepEqual(measurement.failures, [])
    assert.deepEqual(measurement.subject, { kind: 'target', name: target })
    assert.ok(measurement.events.delivered > 0)
    assert.equal(measurement.events.delivered, measurement.events.expected)
    assert.deepEqual(measurement.server, nothingKnown)
    assert.equal(measurement.otherCpuShare, null, 'the target would count as other processes')
    assert.equal(measurement.heartbeats, null)
    assert.deepEqual(measurement.settings, {})
    assert.deepEqual([...contentTypes], ['text/plain; charset=utf-8'])
    assert.ok(measurement.warnings.some(({ code }) => code === 'foreign-target'))
  })
}

test('bytes are those at the sockets of the clients', async t => {
  const { target, publish } = await startForeignSse(t)
  const { bytes } = await measured({ target, publish, audience: 'rooms:1', payload: 128 })
  // data: and two line feeds around 128 bytes, in a chunk whose length takes two digits.
  const frame = 128 + 'data: \n\n'.length + '88\r\n\r\n'.length
  assert.equal(bytes.toServer, 0)
  assert.equal(bytes.perDelivery, frame)
})

test('CPU time and memory are those of the processes that are named', async t => {
  const { target, publish } = await startForeignSse(t)
  const { server, otherCpuShare } = await measured({
    target,
    publish,
    audience: 'rooms:1',
    pid: String(process.pid),
  })
  assert.ok(typeof otherCpuShare === 'number' && otherCpuShare <= 1)
  assert.ok(server.cpuSeconds !== null && server.cpuSeconds >= 0)
  assert.ok(server.rssBytes !== null && server.rssBytes > 1_000_000)
  assert.equal(server.utilization, null)
})

test('events that the server rejects are reported, and make the run invalid', async t => {
  const { target, publish } = await startForeignSse(t, posted => posted % 5 === 4)
  const measurement = await measured({ target, publish, audience: 'rooms:1' })
  const reported = measurement.warnings.find(({ code }) => code === 'unpublished-events')?.message ?? ''
  const [, count = ''] =
    /^(\d+) events were rejected by .* was answered HTTP status 503$/.exec(reported) ?? []
  assert.ok(Number(count) > 0, reported)
  assert.equal(measurement.passed, false)
  assert.equal(measurement.events.lost, Number(count) * load.clients)
})

test('a wrong path is the one cause that is reported, with its status and what to correct', async t => {
  const { target, publish } = await startForeignSse(t)
  const wrong = target.replace('/sub/', '/wrong/')
  const { failures, warnings } = await measured({ target: wrong, publish, audience: 'rooms:1' })
  assert.equal(failures.length, 1)
  assert.match(
    failures[0] ?? '',
    /^0 of 6 clients .*: \d+ responses? had an unexpected status; the first was 404 at \/wrong\/0$/,
  )
  assert.deepEqual(
    warnings.map(({ code }) => code),
    ['connect-failed'],
  )
  assert.equal(warnings[0]?.advice, 'the server does not serve that path: correct the path of --target')
})

test('a server that is not there is found before its clients look for it', async () => {
  const nowhere = 'http://127.0.0.1:9'
  const { failures } = await measured({ target: nowhere, publish: nowhere })
  assert.match(failures.join(), /nothing answers at 127\.0\.0\.1:9: .*start the server first/)
})

const near = {
  technique: 'sse',
  target: 'http://localhost:1/sub',
  publish: 'http://localhost:1/pub',
} as const
const far = 'http://push.example.com/sub'
const refused: Record<string, { options: RunOptions; says: RegExp }> = {
  'a host off loopback': {
    options: { ...near, target: far },
    says: /^--target: push\.example\.com is not this machine, .*--allow-remote push\.example\.com$/,
  },
  'a remote publish address with a local target': {
    options: { ...near, publish: far },
    says: /^--publish: push\.example\.com is not this machine/,
  },
  'another remote host than the one allowed': {
    options: { ...near, target: far, allowRemote: 'example.com' },
    says: /--allow-remote push\.example\.com$/,
  },
  'the address of all interfaces': {
    options: { ...near, target: 'http://0.0.0.0:1/' },
    says: /0\.0\.0\.0 is not/,
  },
  'a target without a publish address': {
    options: { technique: 'sse', target: near.target },
    says: /^--target: give --publish too/,
  },
  'a publish address without a target': {
    options: { publish: near.publish },
    says: /^--publish: it needs a server that already runs/,
  },
  'no technique, or two': {
    options: { ...near, technique: 'sse,websocket' },
    says: /^--target: say with --technique which one/,
  },
  TLS: { options: { ...near, target: 'https://localhost/' }, says: /^--target: .*plain HTTP$/ },
  'a process that does not exist': {
    options: { ...near, pid: '4194305' },
    says: /^--pid 4194305: no process/,
  },
  'a fault of the server': {
    options: { ...near, fault: 'restart' },
    says: /^--fault: restart.*faults of the link only$/,
  },
  'an accept rate': {
    options: { ...near, acceptRate: '5/s' },
    says: /^--accept-rate: it needs a server that/,
  },
  'several streams at one address': {
    options: { ...near, audience: 'individual' },
    says: /^--publish: an audience of several streams needs \{stream\}/,
  },
  'page clients': { options: { ...near, domClients: 1 }, says: /^--dom-clients: it needs a server that/ },
  'the length of its log': { options: { ...near, log: 100 }, says: /^--log: it needs a server that/ },
}

for (const [name, { options, says }] of Object.entries(refused)) {
  test(`${name} is refused in one sentence`, () => {
    assert.throws(() => planRuns(options), { constructor: UsageError, message: says })
  })
}

for (const host of ['127.0.0.1', '127.8.9.10', '2130706433', '[::1]', 'LOCALHOST', 'app.localhost']) {
  test(`${host} is this machine`, () => {
    const target = `http://${host}:1/`
    assert.equal(planRuns({ ...near, target }).length, 1)
  })
}

test('a remote host that is allowed by name is measured', () => {
  const [plan] = planRuns({ ...near, target: far, allowRemote: 'push.example.com' })
  assert.equal(plan?.pair.foreign?.name, far)
  assert.equal(plan?.ceiling, 0)
})
