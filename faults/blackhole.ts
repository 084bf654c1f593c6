/** `blackhole`: the way between clients and server swallows everything, and tells neither side. */
import { faultOf } from '../model/fault.ts'
import { duration } from '../model/settings.ts'

export const blackhole = faultOf({
  summary: 'the link carries nothing while connections stay open: only heartbeats or timeouts can tell',
  reference: 'RFC 1122 section 4.2.3.6: TCP itself asks after two hours',
  settings: { down: duration('5s', 'how long nothing passes') },
  storms: 'connections',
  onLink: true,
  lasts: ({ down }) => down,
  async strike(scene, { down }) {
    scene.blackhole(down)
    await scene.wait(down)
  },
})
