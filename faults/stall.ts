/** `stall`: clients stop reading for a while, as a suspended laptop or a page in the background does. */
import { faultOf } from '../model/fault.ts'
import { duration, share } from '../model/settings.ts'
import { after } from '../model/units.ts'

export const stall = faultOf({
  summary:
    'a share of the clients stops reading while connections stay open, as a suspended laptop does; what was sent meanwhile comes late',
  settings: {
    for: duration('1s', 'how long they read nothing', '1ms'),
    share: share(0.2, 'which part of the clients stops reading'),
  },
  storms: 'deliveries',
  actsOn: 'client',
  lasts: values => values.for,
  refuses: ({ client, technique }) =>
    client.pauses ? null : `clients of ${technique} cannot stop reading, so none can stall`,
  async inject(actions, { for: length, share }) {
    const until = after(actions.now(), length)
    actions.command('client', 'stall', { share, until })
    actions.returned(until)
    await actions.wait(length)
  },
})
