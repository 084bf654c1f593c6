import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  connectionsPerProcess,
  connectionsPerRelay,
  connectionsPerServer,
  type MachineLimits,
  planLayout,
  processesPerSide,
  readLimits,
} from '../../../measure/run/limits.ts'
import { readText } from '../../../measure/server/read-text.ts'

const machine = (limits: Partial<MachineLimits> = {}): MachineLimits => ({
  cores: 2,
  descriptors: 20_000,
  ports: 28_232,
  ...limits,
})

for (const [what, clients, workers, limits, layout] of [
  ['one client', 1, undefined, machine(), { clientProcesses: 1, servers: 1 }],
  ['the default run on two cores', 1_000, undefined, machine(), { clientProcesses: 1, servers: 1 }],
  ['one core', 1_000, undefined, machine({ cores: 1 }), { clientProcesses: 1, servers: 1 }],
  ['eight cores', 1_000, undefined, machine({ cores: 8 }), { clientProcesses: 7, servers: 1 }],
  ['a hundred cores', 1_000, undefined, machine({ cores: 100 }), { clientProcesses: 8, servers: 1 }],
  ['fewer clients than cores', 3, undefined, machine({ cores: 8 }), { clientProcesses: 3, servers: 1 }],
  ['workers asked for', 1_000, 4, machine(), { clientProcesses: 4, servers: 1 }],
  ['more workers than clients', 2, 4, machine(), { clientProcesses: 2, servers: 1 }],
  ['all that one process holds', 19_900, undefined, machine(), { clientProcesses: 1, servers: 1 }],
  ['one client more than that', 19_901, undefined, machine(), { clientProcesses: 2, servers: 2 }],
  ['more clients than descriptors', 25_000, undefined, machine(), { clientProcesses: 2, servers: 2 }],
  [
    'more clients than ports',
    30_000,
    undefined,
    machine({ descriptors: 1_000_000 }),
    { clientProcesses: 1, servers: 2 },
  ],
  [
    'a host that reports no limits',
    99_999,
    undefined,
    machine({ descriptors: null, ports: null }),
    { clientProcesses: 1, servers: 1 },
  ],
] as const) {
  test(`the layout for ${what} is ${layout.clientProcesses} client and ${layout.servers} server processes`, () => {
    assert.deepEqual(planLayout(clients, workers, limits), { ...layout, relays: 0 })
  })
}

for (const [what, clients, limits, layout] of [
  ['the default run', 1_000, machine(), { clientProcesses: 1, servers: 1, relays: 1 }],
  ['all that one relay carries', 9_950, machine(), { clientProcesses: 1, servers: 1, relays: 1 }],
  ['one client more than that', 9_951, machine(), { clientProcesses: 1, servers: 1, relays: 2 }],
  [
    'two servers, each with relays of its own',
    25_000,
    machine(),
    { clientProcesses: 2, servers: 2, relays: 4 },
  ],
  [
    'a host that reports no limits',
    99_999,
    machine({ descriptors: null, ports: null }),
    { clientProcesses: 1, servers: 1, relays: 1 },
  ],
] as const) {
  test(`through a link, ${what} takes ${layout.relays} relay processes`, () => {
    assert.deepEqual(planLayout(clients, undefined, limits, true), layout)
  })
}

test('more clients than eight relays carry is a problem that names the link', () => {
  const planned = planLayout(90_000, undefined, machine(), true)
  assert.ok('problem' in planned)
  assert.match(
    planned.problem,
    /^--clients 90000 .* through a link: each takes two of the 20000 file descriptors .*ulimit -n/,
  )
  assert.ok('clientProcesses' in planLayout(90_000, undefined, machine(), false))
})

for (const [what, clients, workers, limits, problem] of [
  [
    'more clients than descriptors allow',
    5_000,
    undefined,
    machine({ descriptors: 256 }),
    /^--clients 5000 is more than this machine allows: 256 file descriptors a process make 1248 clients in 8 processes; .*ulimit -n/,
  ],
  [
    'no descriptors to spare',
    1,
    undefined,
    machine({ descriptors: 100 }),
    /^--clients 1 is more than this machine allows: 100 file descriptors a process make 0 clients/,
  ],
  [
    'too few workers',
    5_000,
    1,
    machine({ descriptors: 4_096 }),
    /^--workers 1 is too few for --clients 5000: each holds at most 3996 connections/,
  ],
] as const) {
  test(`${what} is a problem, stated in one sentence`, () => {
    const planned = planLayout(clients, workers, limits)
    assert.ok('problem' in planned)
    assert.match(planned.problem, problem)
  })
}

test('no layout gives a process more connections than it can hold, or a side more processes than help', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 300_000 }),
      fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }),
      fc.record({
        cores: fc.integer({ min: 1, max: 128 }),
        descriptors: fc.option(fc.integer({ min: 0, max: 1_100_000 })),
        ports: fc.option(fc.integer({ min: 1_000, max: 64_000 })),
      }),
      fc.boolean(),
      (clients, workers, limits, relayed) => {
        const planned = planLayout(clients, workers, limits, relayed)
        if ('problem' in planned) return
        const { clientProcesses, servers, relays } = planned
        assert.ok(relayed ? relays >= servers && relays <= processesPerSide : relays === 0)
        assert.equal(relays % servers, 0)
        if (relayed)
          assert.ok(
            Math.ceil(Math.ceil(clients / servers) / (relays / servers)) <= connectionsPerRelay(limits),
          )
        assert.ok(clientProcesses >= 1 && servers >= 1 && servers <= processesPerSide)
        assert.ok(clientProcesses <= Math.max(processesPerSide, workers ?? 0) && clientProcesses <= clients)
        assert.ok(Math.ceil(clients / clientProcesses) <= connectionsPerProcess(limits))
        assert.ok(Math.ceil(clients / servers) <= connectionsPerServer(limits))
      },
    ),
    { seed: 1, numRuns: 2_000 },
  )
})

test('the limits of this host are read', () => {
  const { cores, descriptors, ports } = readLimits()
  assert.ok(cores >= 1)
  assert.ok(descriptors !== null && descriptors > 0)
  assert.ok(ports !== null && ports > 0 && ports <= 65_535)
})

test('a file that cannot be read is no text', () => {
  assert.equal(readText('/nowhere/at/all'), null)
})
