/**
 * Theory against real sockets where the technique looks further back than the window is long: intervals, holds and
 * heartbeats up to twice the window, at settings that are drawn at random. A window that opened before the run had
 * settled would miss its closed form by far more than 4 standard errors.
 */
import assert from 'node:assert/strict'
import type { RunPlan } from '../../measure/messages/run-plan.ts'
import { randomFor } from '../../model/random.ts'
import { milliseconds, seconds } from '../../model/units.ts'
import type { Measurement } from '../../results/result.ts'
import type { Technique } from '../../servers/index.ts'
import { pairWith, type ServerFault } from '../faulty.ts'
import { live } from '../live.ts'
import { measured, planOf } from './plan.ts'

/** The same settings in every run, so that no draw turns a run red by chance; another seed draws others. */
const seed = Number(process.env['PUSHBENCH_TEST_SEED'] ?? 377_085)
const random = randomFor(seed, 'settings')
const window = seconds(1)
const clients = 150

/** From half the window to twice its length, whole milliseconds. */
const length = () => milliseconds(Math.round(500 + 1_500 * random()))

/** The share of what is counted that has no event, as measured and by theory, of so many counted. */
interface Share {
  readonly measured: number | null
  readonly predicted: number | null | undefined
  readonly of: number
}

const empty = ({ responses, predicted }: Measurement): Share => ({
  measured: responses.emptyRatio,
  predicted: predicted?.emptyRatio,
  of: responses.total,
})
const beats = ({ heartbeats, predicted, events }: Measurement): Share => ({
  measured: heartbeats?.ratio ?? null,
  predicted: predicted?.heartbeatRatio,
  of: (heartbeats?.sent ?? 0) + events.delivered,
})

const cases: readonly {
  technique: Technique
  setting: string
  share: (measurement: Measurement) => Share
  settings: RunPlan['settings']
  /** The length that theory knows: the rate is such that 15 to 60 % of it pass without an event. */
  span: number
}[] = (
  [
    ['polling', 'interval', empty],
    ['piggyback', 'fallback', empty],
    ['long-polling', 'hold', empty],
    ['script-long-polling', 'hold', empty],
    ['sse', 'heartbeat', beats],
    ['xhr-streaming', 'heartbeat', beats],
  ] as const
).map(([technique, setting, share]) => {
  const span = length()
  return {
    technique,
    setting,
    share,
    span,
    settings: { [setting]: span, ...(technique === 'piggyback' && { action: length() }) },
  }
})

for (const { technique, setting, share, settings, span } of cases) {
  const ratePerSecond = -Math.log(0.15 + 0.45 * random()) / (span / 1_000_000)
  const name = `${technique} with ${setting} ${span / 1_000} ms in a window of 1 s meets theory`
  live<ServerFault>(`${name}, at ${ratePerSecond.toFixed(2)} events/s (PUSHBENCH_TEST_SEED=${seed})`, {
    async property(fault) {
      const workload = { clients, ratePerSecond, duration: window, audience: { kind: 'individual' } } as const
      const measurement = await measured(planOf(pairWith(technique, fault), workload, settings))
      const { measured: seen, predicted, of } = share(measurement)
      assert.ok(seen !== null && predicted != null)
      const error = Math.sqrt((predicted * (1 - predicted)) / of)
      assert.ok(
        Math.abs(seen - predicted) <= 4 * error,
        `share ${seen}, predicted ${predicted} with standard error ${error}`,
      )
      assert.deepEqual(measurement.failures, [])
    },
    planted: { fault: { loses: 1 }, is: 'a server that loses every event', shows: /^share/ },
  })
}
