/** `blackhole`: the link drops everything, and neither side is notified. */
import { faultOf } from '../model/fault.ts'
import { duration } from '../model/settings.ts'
import { after } from '../model/units.ts'

export const blackhole = faultOf({
  summary: 'the link carries nothing while connections stay open: only heartbeats or timeouts can detect it',
  reference: 'RFC 1122 section 4.2.3.6: TCP itself checks after two hours',
  settings: { down: duration('5s', 'how long nothing passes') },
  storms: 'connections',
  actsOn: 'relay',
  lasts: ({ down }) => down,
  async inject(actions, { down }) {
    const until = after(actions.now(), down)
    actions.command('relay', 'blackhole', { until })
    actions.returned(until)
    await actions.wait(down)
  },
})
