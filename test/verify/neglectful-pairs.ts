/**
 * Pairs that deliver every event while nothing is in the way, and neglect the rest: readers that stall, silence,
 * draining, caches, cursors, events published while a client comes back.
 */

import { LossError } from '../../model/loss.ts'
import { duration } from '../../model/settings.ts'
import { micros, milliseconds, seconds } from '../../model/units.ts'
import type { VerifiedPair } from '../../verify/suite.ts'
import { type DraftOptions, draftServer } from './draft-server.ts'
import {
  calling,
  neverRenewing,
  receiving,
  servedBy,
  serving,
  settingInstead,
  silentFor,
  sound,
} from './flaws.ts'

/** A pair with a flaw. */
export interface BrokenPair {
  /** What the pair does wrong; reads after "a pair that". */
  readonly flaw: string
  readonly pair: VerifiedPair
  /** The cases that must fail. */
  readonly caughtBy: readonly string[]
  /** What the failures must say, where a case can fail for several reasons. */
  readonly detail?: RegExp
  /** What the advice must say, where what came shows more than the case knows. */
  readonly advice?: RegExp
  /** Longest wait within a case, where the flaw shows before it; short unless given. */
  readonly deadlineMs?: number
}

const draft = (options?: DraftOptions): VerifiedPair => servedBy(() => draftServer(options))

const withStallingReaders: readonly BrokenPair[] = [
  {
    flaw: 'writes to a reader that takes nothing',
    pair: draft(),
    caughtBy: ['stalled reader'],
    detail: /memory to grow/,
  },
  {
    flaw: 'waits for the slowest reader',
    pair: draft({ waits: true }),
    caughtBy: ['stalled reader'],
    detail: /every event while another reader stalls/,
  },
  {
    flaw: 'keeps a reader that takes nothing',
    pair: settingInstead('stall', micros(0)),
    caughtBy: ['stalled reader is dropped'],
    detail: /holds state for: expected 1, got 2/,
  },
]

const inSilence: readonly BrokenPair[] = [
  {
    flaw: 'sends no heartbeat',
    pair: settingInstead('heartbeat', micros(0)),
    caughtBy: ['idle connection'],
    detail: /losses of an idle client/,
    deadlineMs: 5_000,
  },
  {
    flaw: 'sends heartbeats later than it declares',
    // Much later, so that a process that is held up for a while does not hide it.
    pair: settingInstead('heartbeat', seconds(10)),
    caughtBy: ['idle connection'],
    detail: /losses of an idle client/,
    deadlineMs: 5_000,
  },
  {
    flaw: 'bears less silence than the server shows',
    pair: silentFor(declared => micros(declared / 2)),
    caughtBy: ['idle connection'],
    detail: /to wait for longer than the 15000 ms .* got 11250 ms/,
  },
  {
    flaw: 'bears any silence',
    pair: silentFor(() => null),
    caughtBy: ['idle connection'],
    detail: /treats its connection as lost/,
  },
  {
    flaw: 'hears no heartbeat',
    pair: receiving(() => ({ alive() {} })),
    caughtBy: ['idle connection'],
    detail: /losses of an idle client/,
    deadlineMs: 5_000,
  },
  {
    flaw: 'cannot connect again once it was closed',
    pair: calling(adapter => {
      let closed = false
      return {
        connect: sink => (closed ? new Promise<void>(() => {}) : adapter.connect(sink)),
        close() {
          closed = true
          return adapter.close()
        },
      }
    }),
    caughtBy: ['frozen connection'],
    detail: /1 events, 0 notices, 1 connects, 1 losses/,
    deadlineMs: 1_500,
  },
  {
    flaw: 'declares a setting otherwise in its client',
    pair: {
      ...sound,
      client: { ...sound.client, settings: { heartbeat: duration('1s', 'another default') } },
    },
    caughtBy: ['shared settings'],
    detail: /setting heartbeat of the server/,
  },
]

const whileDraining: readonly BrokenPair[] = [
  {
    flaw: 'cannot drain and says nothing of it',
    pair: draft(),
    caughtBy: ['drain in turn', 'drain to a successor', 'drain in order'],
    detail: /expected the server to have drain\(\), got no drain\(\)/,
  },
  {
    flaw: 'sends everyone away at once',
    pair: serving(server => ({ drain: async () => server.drain?.(micros(0), micros(0)) })),
    caughtBy: ['drain in turn'],
    detail: /one client to stay until its turn/,
  },
  {
    flaw: 'publishes nothing while it drains',
    pair: serving(server => {
      let draining = false
      return {
        publish: (stream, event) => (draining ? undefined : server.publish(stream, event)),
        async drain(over, retryAfter) {
          draining = true
          await server.drain?.(over, retryAfter)
        },
      }
    }),
    caughtBy: ['drain in turn'],
    detail: /expected event 2 of 2/,
  },
  {
    flaw: 'takes connections while it drains',
    pair: draft({ drainsOpen: true }),
    caughtBy: ['drain in turn'],
    detail: /to refuse connections/,
  },
  {
    flaw: 'breaks connections off instead of ending them',
    pair: serving(server => ({ drain: () => server.close() })),
    caughtBy: ['drain in order'],
    detail: /no loss but `closed`, got .*reset/,
  },
  {
    flaw: 'is sent away twice',
    pair: calling(adapter => {
      let connects = 0
      return {
        async connect(sink) {
          if (++connects === 2) throw new LossError({ cause: 'closed', detail: 'sent away again' })
          await adapter.connect(sink)
        },
      }
    }),
    caughtBy: ['drain to a successor'],
    detail: /one loss at the most/,
  },
  {
    flaw: 'reports drained before it is',
    pair: serving(server => ({
      async drain(over, retryAfter) {
        void server.drain?.(micros(over + 900_000), retryAfter)
      },
    })),
    caughtBy: ['drain to a successor'],
    detail: /expected 0 clients that the server holds state for/,
  },
]

const inRequests: readonly BrokenPair[] = [
  {
    flaw: 'lets caches store its answers',
    pair: draft(),
    caughtBy: ['nothing is cached'],
    detail: /Cache-Control: no-store in the answer to GET .* got no such field/,
  },
  {
    flaw: 'believes any Last-Event-ID',
    pair: draft(),
    caughtBy: ['bad cursor of the client'],
    detail: /expected 400, got 200/,
  },
  {
    flaw: 'gives a subscriber what its cursor says that it has',
    pair: draft({ repeats: true }),
    caughtBy: ['publish while resuming'],
    detail: /had seen the event itself: .*expected .*, got/,
  },
  {
    flaw: 'reads its log and subscribes later',
    pair: draft({ order: 'log, subscription' }),
    caughtBy: ['publish while resuming'],
    detail: /had seen (the event before it|all but the event before it): .*expected event \d/,
  },
  {
    flaw: 'subscribes and reads its log later',
    pair: draft({ order: 'subscription, log' }),
    caughtBy: ['publish while resuming'],
    detail: /had seen (the event before it|all but the event before it): .*expected/,
  },
]

const atTheEndOfAStream: readonly BrokenPair[] = [
  {
    flaw: 'ignores the lifetime of its streams',
    pair: settingInstead('lifetime', micros(0)),
    caughtBy: ['lifetime'],
    detail: /the server to end a stream after its lifetime/,
  },
  {
    flaw: 'ends its streams long before their lifetime',
    pair: settingInstead('lifetime', milliseconds(1)),
    caughtBy: ['lifetime'],
    detail: /the first stream to last 100 ms, its lifetime/,
  },
  {
    flaw: 'opens no other stream when one ends',
    pair: neverRenewing,
    caughtBy: ['lifetime', 'drain in turn', 'drain to a successor', 'drain in order'],
    detail: /to open the next stream|to come back|each client to connect to the successor/,
    advice: /the client must open the next connection/,
  },
]

/** Every careless pair. */
export const neglectfulPairs: readonly BrokenPair[] = [
  ...withStallingReaders,
  ...inSilence,
  ...whileDraining,
  ...inRequests,
  ...atTheEndOfAStream,
]
