/** Histories to render: results of one commit after the other, with a step at a given commit. */
import { randomFor } from '../../model/random.ts'
import type { Measurement, Result } from '../../results/result.ts'
import { measurementOf, resultOf } from './fixture.ts'

/** What the results of one commit are like. */
export interface Commit {
  /** Bytes per delivered event. */
  readonly bytes: number
  readonly techniques?: readonly string[]
  readonly runs?: number
  readonly change?: (run: Measurement) => Partial<Measurement>
}

const random = randomFor(1, 'histories')
const noise = Array.from({ length: 400 }, () => (random() - 0.5) * 2)

/** The hash of a commit. */
export const hashOf = (index: number): string => `${index.toString(16).padStart(4, '0')}${'c0ffee'.repeat(6)}`

const dayOf = (index: number): string => new Date(Date.UTC(2026, 0, 1 + index, 12)).toISOString()

/** So many events that whole bytes resolve a millionth of a byte for each. */
const deliveries = 1_000_000

/** Egress alone, as of a stream. */
const egressOf = (perDelivery: number): Partial<Measurement['bytes']> => ({
  toServer: 0,
  toClients: Math.round(perDelivery * deliveries),
  deliveries,
  perDelivery,
})

/** A result for each commit, a day apart, with 1 % of noise. */
export const historyOf = (commits: readonly Commit[]): Result[] =>
  commits.map(({ bytes, techniques = ['sse'], runs = 1, change = () => ({}) }, index) => {
    const measurements = techniques.flatMap((technique, place) =>
      Array.from({ length: runs }, (_, run) => {
        const like = measurementOf({ technique, run: run + 1 })
        const factor = 1 + 0.01 * (noise[(index * 7 + place * 3 + run) % noise.length] ?? 0)
        const perDelivery = bytes * (1 + place) * factor
        const measured = { ...like, bytes: { ...like.bytes, ...egressOf(perDelivery) } }
        return { ...measured, ...change(measured) }
      }),
    )
    const plain = resultOf(measurements)
    return {
      ...plain,
      startedAt: dayOf(index),
      finishedAt: dayOf(index),
      environment: { ...plain.environment, gitCommit: hashOf(index) },
    }
  })

/** So many commits at one level. */
export const level = (bytes: number, count: number, more: Partial<Commit> = {}): Commit[] =>
  Array.from({ length: count }, () => ({ bytes, ...more }))

/** Twelve commits at 200 bytes, ten at 240. */
export const stepped = (more: Partial<Commit> = {}): Result[] =>
  historyOf([...level(200, 12, more), ...level(240, 10, more)])
