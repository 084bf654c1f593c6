/** `busy-polling`: asks again as soon as it was answered, or after a think time; drops the bare `null`. */
import { duration } from '../model/settings.ts'
import { clientTechnique } from '../model/technique.ts'
import { milliseconds } from '../model/units.ts'
import { Asker, emptyPoll, plainQuestion } from './http/asking.ts'
import { chainTraits, PollChain } from './http/poll-chain.ts'

export const busyPolling = clientTechnique({
  ...chainTraits,
  settings: {
    pause: duration(
      '200ms',
      'think time between an answer and the next request; at 0 a few hundred clients keep a core busy with nothing',
    ),
  },
  verifySettings: { pause: milliseconds(5) },
  create: (context, settings) => new PollChain(new Asker(context, plainQuestion), settings),
  ceiling: context => emptyPoll(context, plainQuestion),
})
