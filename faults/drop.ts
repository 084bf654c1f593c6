/** `drop`: connections break while the server stays up, as when a balancer in front of it is restarted. */
import { faultOf } from '../model/fault.ts'
import { share } from '../model/settings.ts'
import { micros } from '../model/units.ts'

export const drop = faultOf({
  summary: 'the server resets (RST) a share of its connections and stays up',
  settings: { share: share(1, 'which part of the connections breaks') },
  storms: 'connections',
  actsOn: 'server',
  model: values => ({ droppedShare: values.share }),
  lasts: () => micros(0),
  async inject(actions, { share }) {
    actions.command('server', 'reset', { share })
  },
})
