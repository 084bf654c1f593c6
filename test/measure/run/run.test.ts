/** Known answers, end to end: real processes, real sockets, and pairs whose figures are known beforehand. */

import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import type { RunPlan } from '../../../measure/messages/run-plan.ts'
import type { RunHooks } from '../../../measure/run/hooks.ts'
import { measureOnce } from '../../../measure/run/run.ts'
import { dueBetween, dueTimes } from '../../../model/schedule.ts'
import { micros, milliseconds, seconds } from '../../../model/units.ts'
import { scheduleOf, type Workload } from '../../../model/workload.ts'
import type { Measurement } from '../../../results/result.ts'
import { builtIn, childrenOfThisProcess, planOf, whenLeft } from '../plan.ts'
import { actionOf, scripted } from '../scripted-pair.ts'

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

const codes = ({ warnings }: Measurement): string[] => warnings.map(({ code }) => code)

describe('runs of pairs whose answers are known', { concurrency: 2 }, () => {
  test('a pair that drops 3 %, duplicates 2 % and swaps 1 % is reported with exactly those counts', async () => {
    const plan = planOf(scripted, { ratePerSecond: 1_000, clients: 2 }, { faulty: true })
    const due = dueInWindow(plan.workload)
    const times = (action: string): number => due.filter(seq => actionOf(seq) === action).length
    assert.notEqual(actionOf(due.at(-1) ?? 0), 'swap', 'the last event of this schedule has one to swap with')

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

  test('a server that is killed gives a failed measurement that says so', async () => {
    const plan = planOf(builtIn('sse'), { clients: 20, duration: seconds(10) })
    let server = 0
    const measurement = await measure(plan, {
      booted: ([pid]) => {
        server = pid ?? 0
      },
      ...whenLeft(seconds(9.4), () => process.kill(server, 'SIGKILL')),
    })
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
    // The length is reported in whole microseconds, so one event may lie on either side of its end.
    assert.ok(Math.abs(events.expected - 2 * cut) <= 2, `${events.expected} expected, ${cut} due`)
    assert.equal(events.lost, 0)
    assert.equal(events.delivered, events.expected)
    assert.equal(2 * events.published, events.expected)
    assert.equal(latencyMicros?.count, events.delivered)
  })

  test('when a server learns late that the run is cut short, no event beyond the window is counted', async () => {
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

  test('a run that is aborted in its warm-up does not wait for the window to open', async () => {
    const controller = new AbortController()
    const hooks: RunHooks = {
      progress: ({ phase }) => void (phase === 'warm-up' && controller.abort()),
      signal: controller.signal,
    }
    const until = AbortSignal.timeout(60_000)
    const measured = measureOnce(planOf(scripted, { warmup: seconds(600) }), hooks)
    const late = new Promise<'late'>(resolve => until.addEventListener('abort', () => resolve('late')))
    assert.equal(await Promise.race([measured, late]), null)
  })

  test('a run whose server dies in the warm-up ends at once, and counts nothing', async () => {
    let server: number | undefined
    const hooks: RunHooks = {
      booted: ([pid]) => {
        server = pid
      },
      progress({ phase }) {
        if (phase !== 'warm-up' || server === undefined) return
        process.kill(server, 'SIGKILL')
        server = undefined
      },
    }
    const until = AbortSignal.timeout(60_000)
    const measured = measureOnce(planOf(builtIn('sse'), { warmup: seconds(600) }), hooks)
    const late = new Promise<'late'>(resolve => until.addEventListener('abort', () => resolve('late')))
    const measurement = await Promise.race([measured, late])
    assert.ok(measurement !== null && measurement !== 'late')
    assert.match(measurement.failures.join('\n'), /the server was killed by SIGKILL, in the warm-up/)
    const { workload, events, latencyMicros, server: load } = measurement
    assert.deepEqual([workload.durationMicros, events.expected, events.lost], [0, 0, 0])
    assert.deepEqual([latencyMicros, load.cpuSeconds], [null, null])
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
    assert.equal(
      events.published,
      due,
      'an event of one stream is one event, however many servers publish it',
    )
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
