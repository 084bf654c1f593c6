/** Results whose runs differ in one thing alone, and the finding on it. */
import assert from 'node:assert/strict'
import { type Comparison, compareResults } from '../../compare/compare.ts'
import type { Finding, FindingName } from '../../compare/finding.ts'
import type { Measurement, Result } from '../../results/result.ts'
import { measurementOf, resultOf, warningOf } from '../reports/fixture.ts'

/** `count` runs, each changed as given; otherwise all the same. */
export const runs = (
  count: number,
  change: (run: Measurement, index: number) => Partial<Measurement>,
): Result =>
  resultOf(
    Array.from({ length: count }, (_, index) => {
      const run = measurementOf({ technique: 'sse', run: index + 1, emptyRatio: 0.5 })
      return { ...run, ...change(run, index) }
    }),
  )

/** Bytes of egress per event; none of ingress. */
export const withBytes = (values: readonly number[]): Result =>
  runs(values.length, ({ bytes, events }, index) => {
    const egress = values[index] ?? 0
    const toClients = egress * events.delivered
    return { bytes: { ...bytes, toServer: 0, toClients, deliveries: events.delivered, perDelivery: egress } }
  })
export const withEmpty = (values: readonly number[]): Result =>
  runs(values.length, (run, index) => ({ responses: { ...run.responses, emptyRatio: values[index] ?? 0 } }))
export const withCeiling = (values: readonly number[]): Result =>
  runs(values.length, (_, index) => ({ ceiling: { ...ceiling, requestsPerSecond: values[index] ?? 0 } }))
export const withLost = (values: readonly number[]): Result =>
  runs(values.length, ({ events }, index) => {
    const lost = values[index] ?? 0
    const message = `${lost} deliveries never came`
    return {
      events: { ...events, lost, delivered: events.expected - lost },
      ...(lost === 0
        ? {}
        : { passed: false, failures: [message], warnings: [warningOf('lost-events', message)] }),
    }
  })
const ceiling = {
  requestsPerSecond: 0,
  seconds: 2,
  connections: 8,
  request: 'GET /',
  serverCpuMicrosPerRequest: 40,
  serverUtilization: 1,
  generatorUtilization: 0.5,
  boundBy: 'server',
  method: 'as fast as it answers',
} as const

export const finding = (findings: readonly Finding[], name: FindingName): Finding => {
  const found = findings.find(({ metric }) => metric === name)
  assert.ok(found, `no finding on ${name}`)
  return found
}
export const compared = (base: Result, head: Result, name: FindingName): Finding =>
  finding(compareResults(base, head).findings, name)

/** Ten runs around a value, all different. */
export const ten = (middle: number, step: number): number[] =>
  Array.from({ length: 10 }, (_, index) => middle + (index - 4.5) * step)

/** What a comparison notes, apart from memory per client: most fixtures have too few clients for it. */
export const notesOf = ({ notes }: Comparison): string[] =>
  notes.filter(note => !note.startsWith('server.rssPerClient'))
