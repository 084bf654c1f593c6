/** Figures of a span between two readings: what they are divided by, and what is said when the readings were late. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { busyShare, LoadMeter, type ProcessLoad } from '../../measure/messages/process-load.ts'
import type { ServerTotals } from '../../measure/messages/report.ts'
import { Alarms } from '../../measure/time/alarms.ts'
import { instant, type Micros, micros, milliseconds, seconds } from '../../model/units.ts'
import type { Measurement } from '../../results/result.ts'
import { builtIn, planOf } from './plan.ts'
import { clientReport, derived, serverReport } from './reports-of-processes.ts'

const loadOf = (cpuSeconds: number, open: Micros, close: Micros): ProcessLoad => ({
  late: { open, close },
  cpuSeconds,
  rssBytes: 1,
  rssBaselineBytes: 1,
  loopDelayP99Micros: 0,
  utilization: 0.5,
})

const totals = (handedOver: number): ServerTotals => ({
  toServer: 0,
  toClients: 140 * handedOver,
  requests: 0,
  readAt: instant(0),
  handedOver,
  heartbeats: 0,
  backendPolls: 0,
})

/** A window of 5 s with 2,000 deliveries, whose readings were late: between them lay 1,000 of the deliveries. */
function measured(late: { server?: [Micros, Micros]; client?: [Micros, Micros] }): Measurement {
  const on = micros(0)
  const received = (count: number) => ({ toServer: null, toClients: null, received: count })
  return derived(planOf(builtIn('websocket'), { clients: 1_000, duration: seconds(5) }), {
    servers: [
      serverReport({
        published: 2,
        atOpen: totals(500),
        atClose: totals(1_500),
        load: loadOf(0.04, ...(late.server ?? [on, on])),
      }),
    ],
    clientReports: [
      clientReport(
        { expected: 2_000, delivered: 2_000 },
        {
          load: loadOf(0.03, ...(late.client ?? [on, on])),
          atOpen: received(400),
          atClose: received(1_400),
        },
      ),
    ],
  })
}

const lateReadings = ({ warnings }: Measurement): string | undefined =>
  warnings.find(({ code }) => code === 'late-readings')?.message

test('CPU time is divided by the events of its own span, not by those that were due in the window', () => {
  const { server, fleet, bytes, events } = measured({})
  assert.equal(events.delivered, 2_000)
  assert.equal(bytes.deliveries, 1_000)
  assert.equal(server.cpuMicrosPerDelivery, 40)
  assert.equal(fleet.cpuMicrosPerDelivery, 30)
})

test('readings that are late by more than a twentieth of the window are reported, by side and edge', () => {
  const [within, beyond] = [milliseconds(250), milliseconds(251)]
  assert.equal(lateReadings(measured({ server: [within, within], client: [within, within] })), undefined)
  assert.equal(
    lateReadings(measured({ server: [seconds(3.1), within], client: [within, beyond] })),
    'the window of 5000 ms was read at the start by a server process 3100 ms late, at the end by a client process 251 ms late',
  )
})

test('an event loop that could not take its first reading was busy until it could', () => {
  // 3.1 s of a window of 5 s went by in one turn; of what was left the loop was busy for half.
  assert.equal(busyShare(950, 950, 3_100), 0.81)
  assert.equal(busyShare(950, 950, 0), 0.5)
  assert.equal(busyShare(0, 0, 0), 0)
})

test('a meter that begins late counts the delay as busy time and keeps it', async () => {
  const meter = new LoadMeter()
  meter.start(seconds(9))
  await new Promise(resolve => setTimeout(resolve, 50))
  meter.stop(milliseconds(2))
  const load = meter.settle()
  assert.deepEqual(load?.late, { open: seconds(9), close: milliseconds(2) })
  assert.ok((load?.utilization ?? 0) > 0.9, `${load?.utilization}`)
})

test('an alarm says how late it rings', () => {
  let heard: Micros | undefined
  new Alarms(() => instant(700)).at(instant(500), late => {
    heard = late
  })
  assert.equal(heard, 200)
})
