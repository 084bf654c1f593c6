/**
 * Limits how many clients connect per turn of the event loop, so that timers still fire on time: a thousand attempts
 * to connect are a fifth of a second of work for one process.
 */

/** How many act before the event loop handles its timers and sockets again; some milliseconds of work. */
const atOnce = 16

const waiting: (() => void)[] = []
let next = 0

/** Calls back when its turn comes: soon, in the order of the calls. */
export function throttled(act: () => void): void {
  if (waiting.push(act) === 1) setImmediate(runBatch)
}

function runBatch(): void {
  const until = Math.min(next + atOnce, waiting.length)
  while (next < until) waiting[next++]?.()
  if (next < waiting.length) {
    setImmediate(runBatch)
    return
  }
  waiting.length = next = 0
}
