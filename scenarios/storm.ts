/** The storm suite: what happens when all clients reconnect at once. */
import { seconds } from '../model/units.ts'
import type { Scenario } from '../model/workload.ts'
import { steady } from './steady.ts'

/**
 * Sized so that four techniques at 1,000 clients take less than two minutes on two cores, and every client is
 * back within the window, which closes a second after the last of them:
 *
 * - The server is gone for 1 s. That is twice what a process takes to boot, and long enough for two or three
 *   refused attempts of a client that waits by full jitter.
 * - Full jitter has a cap of 5 s here, in place of its 30 s. The last of 1,000 clients is then back 6 s after the
 *   fault in the simulator, at every seed; with the longer cap 8 to 16 s later, by chance, while t50 and the peak
 *   are the same: few clients ever come as far as the cap.
 * - Half a second before the fault shows the baseline, and half a second between the pairs of a herd is several times
 *   the re-arm gap of 1,000 requests.
 *
 * The window of 20 s is a limit for clients that never reconnect, and for busy machines.
 */
export const storm: Scenario = {
  summary:
    'a killed server with three backoff policies, and the herd behind one event; each run ends when all are back',
  workload: {
    ...steady.workload,
    audience: { kind: 'broadcast' },
    ratePerSecond: 5,
    warmup: seconds(0.2),
    duration: seconds(20),
  },
  usualTechniques: ['polling', 'long-polling', 'sse', 'websocket'],
  faults: ['restart:at=500ms:down=1s', 'herd:at=500ms:lull=500ms'],
  backoffs: ['none', 'eventsource', 'full-jitter:cap=5s'],
}
