/** The ceiling of a server from what the server and the process that asked it counted. */
import type { EmptyPoll } from '../../model/request.ts'
import { elapsed, seconds } from '../../model/units.ts'
import type { Ceiling } from '../../results/result.ts'
import type { CeilingReport, ServerReport } from '../messages/report.ts'

/** Enough that the server always has a request waiting, few enough to add no load of their own. */
export const ceilingConnections = 100

/** Above this utilisation an event loop queues what it is given. */
const busy = 0.8
/** By how much two counts of one window may differ: each process is late for its edges by a turn of its loop. */
const countTolerance = 0.02

/** The ceiling, or the sentence that says why there is none. */
export type CeilingOutcome = { readonly ceiling: Ceiling } | { readonly problem: string }

/** The ceiling from what both processes counted. A count is valid only if the other one confirms it. */
export function ceilingOf(
  server: Pick<ServerReport, 'atOpen' | 'atClose' | 'load'>,
  generator: Omit<CeilingReport, 'role'>,
  request: EmptyPoll,
): CeilingOutcome {
  const { atOpen, atClose, load } = server
  const { statuses, errors, answered } = generator
  const refused = Object.entries(statuses).filter(([status]) => !/^2\d\d$/.test(status))
  if (refused.length > 0) {
    const seen = refused.map(([status, count]) => `${count} answers had HTTP status ${status}`).join(', ')
    return { problem: `${seen} under ${ceilingConnections} connections` }
  }
  if (errors > 0) return { problem: `${errors} requests got no answer (${generator.error})` }
  if (atOpen === null || atClose === null || answered === null)
    return { problem: 'its window did not open and close' }
  const requests = atClose.requests - atOpen.requests
  if (requests === 0 || answered === 0) return { problem: 'no request was answered in its window' }
  // The server counts what came, autocannon what was answered: between them lies what was under way.
  if (Math.abs(requests - answered) > ceilingConnections + countTolerance * requests)
    return { problem: `the server counted ${requests} requests, autocannon ${answered} answers` }
  const span = elapsed(atOpen.readAt, atClose.readAt)
  const [serverUtilization, generatorUtilization] = [
    load?.utilization ?? null,
    generator.load?.utilization ?? null,
  ]
  return {
    ceiling: {
      requestsPerSecond: requests / (span / seconds(1)),
      seconds: span / seconds(1),
      connections: ceilingConnections,
      request: `${request.method} ${request.path}`,
      serverCpuMicrosPerRequest: load === null ? null : (load.cpuSeconds * 1_000_000) / requests,
      serverUtilization,
      generatorUtilization,
      boundBy: boundBy(
        serverUtilization,
        generatorUtilization,
        load === null ? null : load.cpuSeconds / (span / seconds(1)),
      ),
      method:
        'autocannon over loopback, each connection asks again as soon as it is answered; nothing is published, so every answer is empty; the server counts the requests, by its own clock',
    },
  }
}

/**
 * Which side had no room for more; unclear where both had none, or neither, or where others took the core from it.
 * @param serverCpu share of a core that the server had; a loop that waits for a core counts as busy
 */
export function boundBy(
  server: number | null,
  generator: number | null,
  serverCpu: number | null,
): Ceiling['boundBy'] {
  if (server === null || generator === null || server > busy === generator > busy) return 'unclear'
  if (generator > busy) return 'generator'
  return serverCpu !== null && serverCpu > busy * server ? 'server' : 'unclear'
}
