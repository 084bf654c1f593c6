/**
 * The tie band against a known answer: a technique compared with itself differs in median latency by less than the
 * band, and by more than the band where its server is later by twice the band.
 */
import assert from 'node:assert/strict'
import { measureOnce } from '../../measure/run/run.ts'
import { planRuns } from '../../plan/plan.ts'
import type { Measurement } from '../../results/result.ts'
import { tieBandOf } from '../../results/tie-band.ts'
import type { Technique } from '../../servers/index.ts'
import { pairWith, type ServerFault } from '../faulty.ts'
import { live } from '../live.ts'

/** One run as without flags. */
async function measured(technique: Technique, fault?: ServerFault): Promise<Measurement> {
  const [plan] = planRuns({ technique: [technique], ceiling: false })
  assert.ok(plan)
  const measurement = await measureOnce({ ...plan, pair: pairWith(technique, fault) })
  assert.ok(measurement?.latencyMicros)
  return measurement
}

/** The band of these runs, each taken for a technique of its own: the widest. */
function bandOf(runs: readonly Measurement[]): number {
  const bands = runs.flatMap(run => tieBandOf(run) ?? [])
  assert.equal(bands.length, runs.length)
  return Math.max(...bands)
}

const medianOf = ({ latencyMicros }: Measurement): number => latencyMicros?.p50 ?? Number.NaN

for (const technique of ['sse', 'websocket'] as const) {
  live<number>(`two runs of ${technique} differ in median latency by less than their tie band`, {
    async property(bands) {
      const one = await measured(technique)
      const late = bands === undefined ? undefined : { lateMs: Math.ceil((bands * bandOf([one])) / 1_000) }
      const other = await measured(technique, late)
      // The planted difference is one of the technique: it does not widen the band.
      const band = bandOf(late ? [one] : [one, other])
      const difference = Math.abs(medianOf(one) - medianOf(other))
      assert.ok(difference < band, `difference ${difference}, band ${band}`)
    },
    planted: { fault: 2, is: 'a server that is later by twice the band', shows: /^difference/ },
  })
}
