/**
 * The model behind Brooker's "Exponential backoff and jitter" (2015), reimplemented: contenders update one row
 * under optimistic concurrency control. Each reads the row's version, then writes with it. A contender that finds a
 * newer version waits by the policy and reads again. Every message takes |N(10, 2)| ms.
 */
import { type BackoffName, type BackoffPolicy, backoffOf, backoffPolicies } from '../../model/backoff.ts'
import type { Random } from '../../model/random.ts'
import { type Micros, micros, milliseconds, toMilliseconds } from '../../model/units.ts'

interface Contender {
  /** When its next message reaches the row, in ms; null once it has written. */
  due: number | null
  /** The version that it has read and now writes with; null if it is about to read. */
  version: number | null
  failures: number
  previous: Micros | null
}

/** How many writes `count` contenders need until each of them has succeeded once. */
export function callsOfContention(name: BackoffName, count: number, random: Random): number {
  // The published policy `none` does not wait, so this asks the policy and not the client, which pauses at least 1 ms.
  const policy: BackoffPolicy = backoffPolicies[name]
  const parameters = backoffOf(name, { base: milliseconds(5), cap: milliseconds(2_000) })
  const hop = (): number => Math.abs(10 + 2 * standardNormal(random))
  const contenders = Array.from(
    { length: count },
    (): Contender => ({ due: hop(), version: null, failures: 0, previous: null }),
  )
  let [calls, version] = [0, 0]
  for (;;) {
    const next = earliest(contenders)
    if (next?.due == null) return calls
    const answered = next.due + hop()
    if (next.version === null) {
      next.version = version
      next.due = answered + hop()
      continue
    }
    calls++
    if (next.version === version) {
      version++
      next.due = null
      continue
    }
    // The published code counts its failures before it asks for the delay, so the first delay is that of n = 1.
    next.failures++
    const reconnect = { attempt: next.failures, previous: next.previous, asked: null }
    next.previous = micros(policy.delay(parameters, reconnect, random))
    next.version = null
    next.due = answered + hop() + toMilliseconds(next.previous)
  }
}

function earliest(contenders: readonly Contender[]): Contender | null {
  let first: Contender | null = null
  for (const contender of contenders) {
    if (contender.due !== null && (first?.due == null || contender.due < first.due)) first = contender
  }
  return first
}

/** Box and Muller's transform. */
const standardNormal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
