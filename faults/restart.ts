/** `restart`: the server process is killed and started again. */
import { faultOf } from '../model/fault.ts'
import { duration } from '../model/settings.ts'
import { instant } from '../model/units.ts'

export const restart = faultOf({
  summary:
    'the server process is killed (SIGKILL) and comes back; its log then holds what fell due meanwhile',
  settings: {
    down: duration(
      '2s',
      'how long nobody listens; at least as long as a process takes to boot, about half a second',
    ),
  },
  storms: 'connections',
  actsOn: 'server',
  model: ({ down }) => ({ serverBackAt: instant(down) }),
  lasts: ({ down }) => down,
  async inject(actions, { down }) {
    await actions.kill()
    await actions.boot(down)
  },
})
