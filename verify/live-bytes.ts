/** The live memory of this process: what is left after a full garbage collection. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

let collectGarbage: (() => void) | undefined

/** Bytes of live memory, buffers included. Takes some ten milliseconds. */
export async function liveBytes(): Promise<number> {
  if (collectGarbage === undefined) {
    // The function appears in contexts that are made after the flag was set; the flag itself costs nothing.
    setFlagsFromString('--expose-gc')
    collectGarbage = runInNewContext('gc') as () => void
  }
  for (let round = 0; round < 3; round++) {
    await nextTurn()
    collectGarbage()
  }
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
