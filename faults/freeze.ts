/** `freeze`: the server process stops for a while, as in a long garbage collection or on a stalled machine. */
import { faultOf } from '../model/fault.ts'
import { duration } from '../model/settings.ts'

export const freeze = faultOf({
  summary: 'the server process is stopped (SIGSTOP) and continued (SIGCONT); connections stay open',
  reference: 'G. Tene, "How not to measure latency" (2013): what a stall does to every quantile',
  settings: { down: duration('1.4s', 'how long the server is stopped') },
  storms: 'connections',
  actsOn: 'server',
  lasts: ({ down }) => down,
  async inject(actions, { down }) {
    actions.signal('server', 'SIGSTOP')
    await actions.wait(down)
    actions.signal('server', 'SIGCONT')
    actions.returned(actions.now())
  },
})
