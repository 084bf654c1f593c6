/**
 * Measured storms against the model: six settings drawn at random, half of them over a link. The drawing is repeated
 * with `STORM_SEED=<the seed in the name of a test>`.
 */
import assert from 'node:assert/strict'
import { parseBackoff } from '../../model/backoff-text.ts'
import { type Random, randomFor } from '../../model/random.ts'
import { instant, type Micros, micros, milliseconds, seconds } from '../../model/units.ts'
import { defaultAttemptTimeout } from '../../model/workload.ts'
import type { RunOptions } from '../../plan/options.ts'
import type { Measurement, Storm } from '../../results/result.ts'
import { baseline, simulateStorm } from '../../simulation/storm-simulation.ts'
import { live } from '../live.ts'
import { assertWhole, storm } from './storm.ts'

/** The same settings in every run, so that no draw turns a run red by chance; another seed draws others. */
const seed = Number(process.env['STORM_SEED'] ?? 380_178)
const simulations = 200
/** What a busy turn of an event loop may shift a return by: some dozens of connections that are made in a row. */
const slack: Micros = milliseconds(25)

type Setting = RunOptions & { backoff: string }

const settings = Array.from({ length: 6 }, (_, index) => draw(randomFor(seed, 'setting', index), index))

function draw(random: Random, index: number): Setting {
  const between = (from: number, to: number): number => Math.round(from + random() * (to - from))
  const one = <T>(...all: readonly [T, ...T[]]): T => all[Math.floor(random() * all.length)] ?? all[0]
  const base = between(250, 500)
  const drops = random() < 1 / 3
  // Dropped clients all return at their first attempt. Where that is spread too little, the machine sets the pace, and
  // faster than in the ramp, which runs code for the first time.
  const policy = drops
    ? one('full-jitter', 'decorrelated')
    : one('full-jitter', 'equal-jitter', 'decorrelated')
  return {
    technique: one('sse', 'fetch-streaming', 'long-polling', 'websocket'),
    clients: between(150, 300),
    fault: drops ? 'drop:at=300ms' : `restart:at=300ms:down=${between(700, 1_200)}ms`,
    backoff: `${policy}:base=${base}ms:cap=${base * between(3, 4)}ms`,
    ...(random() < 1 / 3 && { acceptRate: `${between(150, 400)}/s` }),
    ...(index % 2 === 1 && { rtt: `${between(40, 200)}ms` }),
    seed: between(1, 1_000_000),
  }
}

/** The model of a measured storm with other draws, as `storm-model.ts` makes it, from what the result says of it. */
function simulated({ workload }: Measurement, seen: Storm, backoff: string) {
  const { simulated: model, noticedMicros, serverBackAtMicros, faultAtMicros } = seen
  const parsed = parseBackoff(backoff)
  assert.ok(model !== null && noticedMicros !== null && 'value' in parsed)
  const first = Math.max(0, noticedMicros.p50 - model.noticedWithinMicros / 2)
  const outcomes = Array.from({ length: simulations }, (_, draws) =>
    simulateStorm({
      ...baseline,
      clients: seen.affected,
      backoff: parsed.value,
      serverBackAt: instant(Math.max(0, (serverBackAtMicros ?? faultAtMicros) - faultAtMicros - first)),
      acceptPerSecond: seen.acceptRatePerSecond,
      serviceTime: micros(model.serviceMicros),
      noticeWithin: micros(model.noticedWithinMicros),
      attemptTimeout: defaultAttemptTimeout,
      roundTrip: micros(workload.link?.rttMicros ?? 0),
      horizon: instant(seconds(60)),
      seed: draws,
    }),
  )
  const since = (time: Micros | null): number => (time ?? Number.NaN) + first
  return {
    peak: outcomes.map(outcome => outcome.arrivalsAfterReturn.peak),
    t50: outcomes.map(outcome => since(outcome.backSinceFault.t50)),
    t99: outcomes.map(outcome => since(outcome.backSinceFault.t99)),
  }
}

/** What of a measured storm lies outside of what simulations of a backoff policy spread. */
function outliers(measurement: Measurement, seen: Storm, backoff: string): string[] {
  const spread = simulated(measurement, seen, backoff)
  return Object.entries({
    peak: { value: seen.peakAfterReturnPer100ms, from: spread.peak, slack: 0 },
    t50: { value: seen.backMicros?.p50 ?? Number.NaN, from: spread.t50, slack },
    t99: { value: seen.backMicros?.p99 ?? Number.NaN, from: spread.t99, slack },
  }).flatMap(([name, { value, from, slack }]) => {
    const [least, most] = [Math.min(...from) - slack, Math.max(...from) + slack]
    return value >= least && value <= most ? [] : `${name} ${value}, simulated ${least} to ${most}`
  })
}

for (const setting of settings) {
  const words = Object.entries(setting).map(([name, value]) => `${name} ${value}`)
  let attempts = 0
  // Of a hundred storms one or two lie outside by chance, so each attempt is another storm.
  live<string>(`measured as simulated: ${words.join(', ')} (STORM_SEED=${seed})`, {
    async property(otherBackoff) {
      const { measurement, storm: seen } = await storm({
        ...setting,
        ...(otherBackoff !== undefined && { backoff: otherBackoff }),
        seed: Number(setting.seed) + attempts++,
        rate: '2/s',
        duration: '20s',
      })
      assertWhole(measurement)
      assert.equal(seen.neverBack, 0)
      assert.deepEqual(outliers(measurement, seen, setting.backoff), [])
    },
    planted: {
      fault: 'fixed:base=2s',
      is: 'clients that all wait 2 s',
      shows: /simulated/,
    },
  })
}
