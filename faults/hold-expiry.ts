/** `hold-expiry`: requests that were armed together expire together. */
import { faultOf } from '../model/fault.ts'
import { duration } from '../model/settings.ts'
import { micros, seconds } from '../model/units.ts'
import { atMoments, beyond } from './pulses.ts'

/** How long after the expiry an event shows that every client is connected again. */
const proofAfter = seconds(1)

export const holdExpiry = faultOf({
  summary:
    'one event arms all held requests together; nothing else happens until all reach the end of their hold',
  reference: 'RFC 6202 section 5.5 on the length of the hold',
  settings: { hold: duration('5s', 'how long a request is held') },
  storms: 'requests',
  actsOn: 'server',
  lasts: ({ hold }) => micros(hold + proofAfter),
  refuses: ({ server, technique }) =>
    'hold' in server.settings ? null : `${technique} holds no request, so no hold can expire`,
  settingsFor: (_, { hold }) => ({ hold }),
  load: (workload, { hold }, at) => atMoments(workload, [at, beyond(at, hold + proofAfter)]),
  happensAt: ({ hold }, at) => beyond(at, hold),
})
