/** Large storms, and many of them in a row: checks that all clients reconnect and that the parent does not grow. */
import { readdirSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { type Result, run, type Technique } from '../index.ts'
import type { RunOptions } from '../plan/options.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** One of each way to keep a connection. */
export const largeStorms = ['sse', 'websocket', 'long-polling', 'polling'] as const satisfies Technique[]

/** 5,000 clients whose server is killed. */
export function measureLargeStorm(technique: Technique): Promise<Result> {
  return run({
    technique: [technique],
    clients: 5_000,
    rate: '1/s',
    duration: '60s',
    fault: 'restart:down=2s',
    backoff: 'full-jitter:cap=8s',
  })
}

/** What the parent held after a storm. */
export interface Held {
  /** After a full collection. */
  readonly heapBytes: number
  readonly descriptors: number
}

/** Storms one after the other in this process, as one command runs them. */
export async function measureStormsInARow(count: number): Promise<Held[]> {
  const held: Held[] = []
  const options: RunOptions = {
    technique: 'websocket',
    clients: 200,
    rate: '5/s',
    warmup: '200ms',
    duration: '10s',
    fault: 'restart:down=500ms',
    backoff: 'fixed:base=100ms',
    runs: count,
  }
  await run(options, {
    end: () => {
      collectGarbage()
      held.push({
        heapBytes: process.memoryUsage().heapUsed,
        descriptors: readdirSync('/proc/self/fd').length,
      })
    },
  })
  return held
}
