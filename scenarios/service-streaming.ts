/**
 * Service streaming: a long-lived request of a script, next to the hidden iframe, both renewed every thirty
 * seconds. A run of seconds sees no renewal: give `--duration 2m`, or a shorter lifetime by `--set`.
 */
import { seconds } from '../model/units.ts'
import type { Scenario } from '../model/workload.ts'
import { steady } from './steady.ts'

export const serviceStreaming: Scenario = {
  summary: '300 streams by XMLHttpRequest and by hidden iframe, each renewed every 30 s',
  reference: 'Mahemoff, "Ajax Design Patterns" (2006), HTTP Streaming; RFC 6202 section 3',
  techniques: ['xhr-streaming', 'forever-frame'],
  settings: { 'xhr-streaming': { lifetime: '30s' }, 'forever-frame': { lifetime: '30s' } },
  workload: { ...steady.workload, audience: { kind: 'broadcast' }, clients: 300, duration: seconds(4) },
}
