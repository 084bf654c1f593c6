/** `freeze`: the server stands still and goes on, as through a long collection of garbage or a stalled machine. */
import { faultOf } from '../model/fault.ts'
import { duration } from '../model/settings.ts'

export const freeze = faultOf({
  summary: 'the server process is stopped (SIGSTOP) and goes on (SIGCONT); connections stay open',
  reference: 'G. Tene, "How not to measure latency" (2013): what a stall does to every quantile',
  settings: { down: duration('1.4s', 'how long the server stands still') },
  storms: 'connections',
  lasts: ({ down }) => down,
  async strike(scene, { down }) {
    scene.freeze()
    await scene.wait(down)
    scene.thaw()
  },
})
