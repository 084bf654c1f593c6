/** Known answers, end to end: real processes, real sockets, and pairs whose figures are known beforehand. */

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { RunPlan } from '../../../measure/messages/run-plan.ts'
import type { RunHooks } from '../../../measure/run/hooks.ts'
import { measureOnce } from '../../../measure/run/run.ts'
import { dueBetween, dueTimes } from '../../../model/schedule.ts'
import { type Micros, micros, milliseconds, seconds } from '../../../model/units.ts'
import { scheduleOf, type Workload } from '../../../model/workload.ts'
import type { Measurement } from '../../../results/result.ts'
import { builtIn, childrenOfThisProcess, planOf } from '../plan.ts'
import { fateOf, scripted } from '../scripted-pair.ts'

after(() => assert.deepEqual(childrenOfThisProcess(), [], 'no run leaves a process behind'))

async function measure(plan: RunPlan, hooks?: RunHooks): Promise<Measurement> {
  const measurement = await measureOnce(plan, hooks)
  assert.ok(measurement)
  return measurement
}

/** The sequence numbers of the first stream that are due in the window. */
function dueInWindow(workload: Workload): number[] {
  const end = micros(workload.warmup + workload.duration)
  const span = dueBetween(scheduleOf(workload), 0, workload.warmup, end)
  assert.ok(span)
  return Array.from({ length: span.last - span.first + 1 }, (_, index) => span.first + index)
}

/** Hooks that act once, when so much of the measured window is left. */
function whenLeft(left: Micros, act: () => void): RunHooks {
  let done = false
  return {
    progress({ phase, remaining }) {
      if (done || phase !== 'measure' || remaining === null || remaining > left) return
      done = true
      act()
    },
  }
}

const codes = ({ warnings }: Measurement): string[] => warnings.map(({ code }) => code)

for (const [ratePerSecond, clients, lasting, lead] of [
  // A stream for each client: at 1/s one alone would make a median of four samples.
  [1, 4, 4, 2],
  [5, 2, 3, 2],
  // So often nothing gets cold; a client that turned its event loop all the time would count as saturated.
  [1_000, 1, 2, 0],
] as const) {
  test(`a pair that delays 100 ms is reported with 100 ms at ${ratePerSecond} events/s`, async () => {
    const plan = planOf(
      scripted,
      {
        ratePerSecond,
        clients,
        duration: seconds(lasting),
        arrivals: 'periodic',
        audience: { kind: 'individual' },
      },
      { delay: milliseconds(100), lead: milliseconds(lead) },
    )
    const due = ratePerSecond * clients * lasting
    const medians: number[][] = []
    // Another process that takes the cores makes events later, never earlier: one quiet run of three must show it.
    do {
      const { latencyMicros, serviceMicros, events, failures } = await measure(plan)
      assert.ok(latencyMicros && serviceMicros)
      assert.deepEqual(failures, [])
      assert.deepEqual([events.published, events.expected, events.delivered, events.lost], [due, due, due, 0])
      assert.deepEqual([latencyMicros.count, serviceMicros.count], [due, due])
      // The stamps of an event are rounded to whole microseconds.
      for (const { min } of [latencyMicros, serviceMicros]) assert.ok(min >= 99_998, `${min} is too early`)
      medians.push([latencyMicros.p50, serviceMicros.p50])
    } while (medians.length < 3 && !known(medians.at(-1)))
    assert.ok(known(medians.at(-1)), `p50 of latency and service: ${medians.join(' / ')}`)
  })
}

/** 100 ms, to the millisecond. */
const known = (medians: readonly number[] | undefined): boolean =>
  medians?.every(median => Math.abs(median - 100_000) <= 1_000) === true

test('a pair that drops 3 %, doubles 2 % and swaps 1 % is reported with exactly those counts', async () => {
  const plan = planOf(scripted, { ratePerSecond: 1_000, clients: 2 }, { faulty: true })
  const due = dueInWindow(plan.workload)
  const times = (fate: string): number => due.filter(seq => fateOf(seq) === fate).length
  assert.notEqual(fateOf(due.at(-1) ?? 0), 'swap', 'the last event of this schedule has one to swap with')

  const measurement = await measure(plan)
  assert.deepEqual(measurement.events, {
    published: due.length,
    expected: 2 * due.length,
    delivered: 2 * (due.length - times('drop')),
    lost: 2 * times('drop'),
    superseded: 0,
    takenByOther: 0,
    duplicated: 2 * times('double'),
    outOfOrder: 2 * times('swap'),
    overrun: 0,
  })
  assert.ok(times('drop') > 50 && times('double') > 30 && times('swap') > 15, 'faults occurred')
  assert.equal(measurement.passed, false)
  for (const code of ['lost-events', 'duplicated-events', 'out-of-order-events']) {
    assert.ok(codes(measurement).includes(code), code)
  }
})

test('a server that is stopped for 1.4 s shows it in p99 from the intended instant, not in p50', async () => {
  // Periodic, one event every 5 ms: 1,000 in the window. Of those that fall due while the server is stopped for S, the
  // oldest is S late and each further one 5 ms less. So p99, the 11th greatest of 1,000, is S - 50 ms to S - 55 ms.
  const period = 5_000
  const plan = planOf(builtIn('sse'), {
    ratePerSecond: 200,
    arrivals: 'periodic',
    warmup: milliseconds(500),
    duration: seconds(5),
    clients: 2,
  })
  let server = 0
  let stoppedAt = 0n
  const { promise: stalled, resolve } = Promise.withResolvers<number>()
  const measurement = await measure(plan, {
    booted: ([pid]) => {
      server = pid ?? 0
    },
    ...whenLeft(seconds(3.4), () => {
      stoppedAt = process.hrtime.bigint()
      process.kill(server, 'SIGSTOP')
      setTimeout(() => {
        process.kill(server, 'SIGCONT')
        resolve(Number(process.hrtime.bigint() - stoppedAt) / 1_000)
      }, 1_400)
    }),
  })
  const stall = await stalled
  const { latencyMicros, serviceMicros, publisher, events } = measurement
  assert.ok(latencyMicros && serviceMicros)
  assert.equal(events.lost, 0, 'a stall makes events late, it loses none')
  assert.ok(latencyMicros.max > stall - 2 * period, `max ${latencyMicros.max}, stall ${stall}`)
  const belowMax = latencyMicros.max - latencyMicros.p99
  // Two buckets of 0.1 %, and the burst itself takes a few milliseconds to go out.
  assert.ok(belowMax > 9 * period && belowMax < 12 * period, `p99 lies ${belowMax} below the maximum`)
  assert.ok(
    latencyMicros.p99 > 1_250_000 && latencyMicros.p99 < 1_450_000,
    `p99 ${latencyMicros.p99} of a stall of ${stall}`,
  )
  assert.ok(latencyMicros.p50 < 100_000, `p50 ${latencyMicros.p50}`)
  // The publisher stood still with its server, so what counts from the actual publication cannot see the stall...
  assert.ok(serviceMicros.p99 < stall / 10, `service p99 ${serviceMicros.p99}`)
  // ... but the lag of the publisher can, and the run says so.
  assert.ok(Math.abs((publisher.lagP99Micros ?? 0) - latencyMicros.p99) < 5 * period)
  assert.ok(codes(measurement).includes('publisher-lag'))
})

test('a server that is killed gives a failed measurement that says so, and no process is left', async () => {
  const plan = planOf(builtIn('sse'), { clients: 20, duration: seconds(10) })
  let server = 0
  const measurement = await measure(plan, {
    booted: ([pid]) => {
      server = pid ?? 0
    },
    ...whenLeft(seconds(9.4), () => process.kill(server, 'SIGKILL')),
  })
  assert.deepEqual(childrenOfThisProcess(), [])
  assert.equal(measurement.passed, false)
  assert.ok(codes(measurement).includes('server-died'), codes(measurement).join())
  assert.match(
    measurement.failures.join('\n'),
    /the server was killed by SIGKILL, \d\.\d s into the measured/,
  )
  assert.ok(measurement.workload.durationMicros < 5_000_000, 'the window ends where the server did')
  assert.ok(measurement.events.delivered > 0, 'what came before is kept')
  assert.equal(measurement.events.delivered + measurement.events.lost, measurement.events.expected)
})

test('a run that is aborted in its window yields a shorter measurement, marked as such, that adds up', async () => {
  const controller = new AbortController()
  const plan = planOf(scripted, { ratePerSecond: 1_000, clients: 2, duration: seconds(10) })
  const measurement = await measure(plan, {
    ...whenLeft(seconds(9), () => controller.abort()),
    signal: controller.signal,
  })
  assert.equal(measurement.passed, false)
  assert.equal(measurement.warnings[0]?.code, 'aborted')
  assert.equal(measurement.failures.length, 1, measurement.failures.join('; '))
  const { durationMicros } = measurement.workload
  assert.ok(durationMicros >= 1_000_000 && durationMicros < 5_000_000, `${durationMicros}`)
  const cut = dueInWindow({ ...plan.workload, duration: micros(durationMicros) }).length
  const { events, latencyMicros } = measurement
  // The length is told in whole microseconds, so one event may lie on either side of its end.
  assert.ok(Math.abs(events.expected - 2 * cut) <= 2, `${events.expected} expected, ${cut} due`)
  assert.equal(events.lost, 0)
  assert.equal(events.delivered, events.expected)
  assert.equal(2 * events.published, events.expected)
  assert.equal(latencyMicros?.count, events.delivered)
})

test('a server that hears late of a cut has no event counted beyond the window', async () => {
  const controller = new AbortController()
  let server = 0
  const plan = planOf(scripted, { ratePerSecond: 1_000, clients: 2, duration: seconds(10) })
  const measurement = await measure(plan, {
    booted([pid]) {
      server = pid ?? 0
    },
    ...whenLeft(seconds(9), () => {
      process.kill(server, 'SIGSTOP')
      controller.abort()
      setTimeout(() => process.kill(server, 'SIGCONT'), 400)
    }),
    signal: controller.signal,
  })
  const { events, latencyMicros } = measurement
  assert.equal(measurement.failures.length, 1, measurement.failures.join('; '))
  assert.equal(events.delivered, events.expected)
  assert.equal(2 * events.published, events.expected)
  assert.equal(latencyMicros?.count, events.expected)
})

test('a run that is aborted before its window opened yields nothing', async () => {
  const controller = new AbortController()
  const hooks: RunHooks = { booted: () => controller.abort(), signal: controller.signal }
  assert.equal(await measureOnce(planOf(scripted, {}), hooks), null)
})

test('a technique that does not boot is a failed measurement with the reason, not an exception', async () => {
  const broken = { ...scripted, serverModule: 'file:///nowhere/servers.ts' }
  const measurement = await measure(planOf(broken, {}))
  assert.equal(measurement.passed, false)
  assert.equal(measurement.warnings[0]?.code, 'boot-failed')
  assert.match(measurement.failures[0] ?? '', /the server of scripted failed: .*nowhere/)
})

test('two servers and two client processes count as one of each would', async () => {
  const plan = planOf(
    scripted,
    { clients: 5, ratePerSecond: 200 },
    {},
    { clientProcesses: 2, servers: 2, relays: 0 },
  )
  const { events, clients, timeline, failures, skewMicros } = await measure(plan)
  const due = dueInWindow(plan.workload).length
  assert.deepEqual(failures, [])
  assert.deepEqual([clients.asked, clients.connected], [5, 5])
  assert.deepEqual([events.expected, events.delivered], [5 * due, 5 * due])
  assert.equal(events.published, due, 'an event of one stream is one event, however many servers publish it')
  assert.equal(skewMicros?.count, due)
  const inWindow = timeline.filter(({ atMicros }) => atMicros >= 0 && atMicros < plan.workload.duration)
  assert.equal(inWindow.length, 8, 'a bin for each quarter of a second of the window')
})

test('events due exactly at the edges of the window lie on one side of them for every process', async () => {
  const schedule = { seed: 1, arrivals: 'periodic', ratePerSecond: 100 } as const
  const due = [...dueTimes(schedule, 0).take(80)]
  const [warmup = micros(0), end = micros(0)] = [due[20], due[70]]
  const plan = planOf(scripted, { ...schedule, warmup, duration: micros(end - warmup) })
  const { events, latencyMicros } = await measure(plan)
  assert.deepEqual([events.published, events.expected, events.delivered, events.lost], [50, 50, 50, 0])
  assert.equal(latencyMicros?.count, 50)
})

test('the timeline of the traffic adds up to the totals of the servers', async () => {
  const plan = planOf(builtIn('polling'), { clients: 20 }, { interval: milliseconds(50) })
  const { timeline, responses, bytes } = await measure(plan)
  const inWindow = timeline.filter(({ atMicros }) => atMicros >= 0 && atMicros < plan.workload.duration)
  const sum = (key: 'requests' | 'bytes'): number => inWindow.reduce((all, bin) => all + (bin[key] ?? 0), 0)
  // The edges of the bins and of the window are read by timers of their own: a tick of each client either way.
  assert.ok(Math.abs(sum('requests') - responses.total) <= 2 * 20, `${sum('requests')} of ${responses.total}`)
  const total = (bytes.toServer ?? 0) + (bytes.toClients ?? 0)
  assert.ok(Math.abs(sum('bytes') - total) <= 0.05 * total, `${sum('bytes')} of ${total}`)
})
