/** `herd`: no fault at all. One event for everyone, and every client that is answered by it asks again at once. */
import { faultOf } from '../model/fault.ts'
import { duration } from '../model/settings.ts'
import { type Micros, micros, milliseconds } from '../model/units.ts'
import { atMoments, beyond } from './pulses.ts'

/** How long after an event a second one comes, in units of the median re-arm gap. */
const gapShares = [0.5, 1, 2]
/** Assumed gap where none could be measured, for example where clients poll on a timer only. */
const unseenGap = milliseconds(1)

export const herd = faultOf({
  summary:
    'no fault: events for everyone, each followed by a second one 0.5, 1 and 2 median re-arm gaps later; the gap is taken from a pilot run',
  settings: { lull: duration('1s', 'how long it is quiet between two pairs of events', '100ms') },
  storms: 'requests',
  actsOn: 'server',
  lasts: ({ lull }) => micros(lull * gapShares.length),
  refuses: ({ client, technique }) =>
    client.ceiling === undefined ? `clients of ${technique} do not ask again, so no herd forms` : null,
  pilot: (workload, { lull }, at) => atMoments(workload, [at, beyond(at, lull)]),
  load: (workload, { lull }, at, pilot) => {
    const gap = pilot?.rearmP50 ?? unseenGap
    const pairs = gapShares.map((share, pair): Micros[] => {
      const first = beyond(at, pair * (lull + 2 * gap))
      return [first, beyond(first, share * gap)]
    })
    return atMoments(workload, pairs.flat())
  },
})
