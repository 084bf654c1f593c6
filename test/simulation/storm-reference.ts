/**
 * The storm model step by step: every message is an event, and the server's queues are lists. Slow and plain, to check
 * the fast simulation against. Only for policies that draw no random number.
 */
import { delayBefore } from '../../model/backoff.ts'
import { randomFor } from '../../model/random.ts'
import { micros } from '../../model/units.ts'
import type { StormModel } from '../../simulation/storm-simulation.ts'

interface Attempt {
  readonly client: number
  readonly begun: number
  /** When the server sees that the client gave up. */
  readonly endSeen: number
  takenAt: number
  answered: boolean
}

interface Step {
  readonly at: number
  /** What comes first at one instant: answers before ends, ends before the server's next turn. */
  readonly rank: number
  readonly client: number
  run(): void
}

export interface ReferenceOutcome {
  attempts: number
  refusedAttempts: number
  timedOutAttempts: number
  accepted: number
  longestWait: number
  readonly backAt: number[]
}

export function referenceStorm(model: StormModel): ReferenceOutcome {
  const { backoff, asked, serverBackAt, roundTrip, attemptTimeout, serviceTime, acceptPerSecond } = model
  const outcome: ReferenceOutcome = {
    attempts: 0,
    refusedAttempts: 0,
    timedOutAttempts: 0,
    accepted: 0,
    longestWait: 0,
    backAt: [],
  }
  const half = roundTrip / 2
  const gap = acceptPerSecond === null ? 0 : 1_000_000 / acceptPerSecond
  const agenda: Step[] = []
  /** Connections that the server has not taken yet. */
  const listenQueue: Attempt[] = []
  /** Requests that it has not begun to serve. */
  const requests: Attempt[] = []
  let takesAt: number = serverBackAt
  let freeAt: number = serverBackAt
  const tries = new Map<number, number>()

  const schedule = (at: number, rank: number, client: number, run: () => void): void => {
    agenda.push({ at, rank, client, run })
  }
  const retry = (client: number, known: number): void => {
    const attempt = tries.get(client) ?? 0
    tries.set(client, attempt + 1)
    const delay = delayBefore(backoff, { attempt, previous: null, asked }, () => {
      throw new Error('the reference does not support a policy that draws')
    })
    schedule(known + delay, 2, client, () => begin(client, known + delay))
  }
  const begin = (client: number, begun: number): void => {
    outcome.attempts++
    const endSeen = begun + (attemptTimeout ?? Number.POSITIVE_INFINITY) + half
    const attempt: Attempt = { client, begun, endSeen, takenAt: 0, answered: false }
    const arrived = begun + half
    if (arrived < serverBackAt) {
      outcome.refusedAttempts++
      retry(client, begun + roundTrip)
      return
    }
    schedule(arrived, 3, client, () => {
      listenQueue.push(attempt)
      take(arrived)
    })
    if (attemptTimeout === null) return
    schedule(begun + attemptTimeout, 1, client, () => {
      if (attempt.answered) return
      outcome.timedOutAttempts++
      retry(client, begun + attemptTimeout)
    })
  }
  const take = (now: number): void => {
    while (listenQueue[0] !== undefined && now >= takesAt) {
      const [attempt] = listenQueue.splice(0, 1) as [Attempt]
      const { client, begun, endSeen } = attempt
      outcome.longestWait = Math.max(outcome.longestWait, Math.min(now, endSeen) - (begun + half))
      if (endSeen <= now) continue
      outcome.accepted++
      takesAt = now + gap
      attempt.takenAt = now
      const asked = Math.max(now, begun + half + roundTrip)
      schedule(asked, 5, client, () => {
        requests.push(attempt)
        serve(asked)
      })
    }
    const next = takesAt
    if (listenQueue.length > 0 && next > now) schedule(next, 4, 0, () => take(next))
  }
  const serve = (now: number): void => {
    while (requests[0] !== undefined && now >= freeAt) {
      const [attempt] = requests.splice(0, 1) as [Attempt]
      const { client, begun, endSeen, takenAt } = attempt
      const waited = takenAt - (begun + half)
      const ready = Math.max(takenAt, begun + half + roundTrip)
      outcome.longestWait = Math.max(outcome.longestWait, waited + Math.min(now, endSeen) - ready)
      if (endSeen <= now) continue
      freeAt = now + serviceTime
      const answer = freeAt + half
      schedule(answer, 0, client, () => {
        if (attemptTimeout !== null && answer > begun + attemptTimeout) return
        attempt.answered = true
        outcome.backAt.push(answer)
      })
    }
    const free = freeAt
    if (requests.length > 0 && free > now) schedule(free, 6, 0, () => serve(free))
  }

  const random = randomFor(model.seed, 'storm')
  for (let client = 0; client < model.clients; client++) {
    retry(client, model.noticeWithin === 0 ? 0 : micros(random() * model.noticeWithin))
  }
  while (agenda.length > 0) {
    const next = agenda.reduce((first, step) => (comesBefore(step, first) ? step : first))
    agenda.splice(agenda.indexOf(next), 1)
    next.run()
  }
  return outcome
}

const comesBefore = (a: Step, b: Step): boolean =>
  a.at !== b.at ? a.at < b.at : a.rank !== b.rank ? a.rank < b.rank : a.client < b.client
