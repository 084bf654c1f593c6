/** What a run without flags asks for, and what of it other flags leave alone. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { drawsForQuantiles, samplesForP99 } from '../../measure/derive/sample-warnings.ts'
import { formatAudience, streamsOf } from '../../model/audience.ts'
import { dueBetween } from '../../model/schedule.ts'
import { micros } from '../../model/units.ts'
import { scheduleOf, type Workload } from '../../model/workload.ts'
import type { RunOptions } from '../../plan/options.ts'
import { planRuns } from '../../plan/plan.ts'
import { scenarios } from '../../scenarios/index.ts'

const ownServer = fileURLToPath(new URL('../../examples/express-better-sse/server.ts', import.meta.url))

/** The audience of the first run that the options ask for. */
function audienceOf(options: RunOptions): string | undefined {
  const [plan] = planRuns({ technique: ['sse'], ...options })
  return plan && formatAudience(plan.workload.audience)
}

const target = {
  target: 'http://localhost:8081/sse',
  publish: 'http://localhost:8081/publish',
} satisfies RunOptions

for (const { what, options, audience } of [
  { what: 'no flag', options: {}, audience: 'rooms:100' },
  { what: '--audience broadcast', options: { audience: 'broadcast' }, audience: 'broadcast' },
  { what: 'fewer clients than rooms', options: { clients: 5 }, audience: 'rooms:1' },
  { what: 'many clients', options: { clients: 20_000 }, audience: 'rooms:2000' },
  {
    what: 'the rooms that were asked for',
    options: { clients: 20_000, audience: 'rooms:7' },
    audience: 'rooms:7',
  },
  { what: 'a scenario of one stream', options: { scenario: 'storm' }, audience: 'broadcast' },
  { what: 'a module that may know one stream only', options: { server: ownServer }, audience: 'broadcast' },
  { what: 'a target that may know one stream only', options: target, audience: 'broadcast' },
  {
    what: 'a module in a scenario about rooms',
    options: { server: ownServer, scenario: 'rooms' },
    audience: 'rooms:100',
  },
] satisfies { what: string; options: RunOptions; audience: string }[]) {
  test(`${what}: the audience is ${audience}`, () => assert.equal(audienceOf(options), audience))
}

/** Events in the measured window, and deliveries of them, with a seed. */
function countsOf(seed: number): { events: number; deliveries: number } {
  const workload: Workload = { ...scenarios.steady.workload, seed }
  const { audience, clients, warmup, duration } = workload
  const [from, to] = [warmup, micros(warmup + duration)]
  const streams = streamsOf(audience, 0, clients)
  const events = streams
    .map(stream => dueBetween(scheduleOf(workload), stream, from, to))
    .reduce((sum, span) => sum + (span === null ? 0 : span.last - span.first + 1), 0)
  return { events, deliveries: events * (clients / streams.length) }
}

test('no seed leaves a run without flags with few samples or few draws', () => {
  for (let seed = 1; seed <= 100; seed++) {
    const { events, deliveries } = countsOf(seed)
    assert.ok(events >= drawsForQuantiles, `seed ${seed}: ${events} events`)
    assert.ok(deliveries >= samplesForP99, `seed ${seed}: ${deliveries} deliveries`)
  }
})
