/** `polling`: a request every interval by XMLHttpRequest or fetch, whether or not anything happened. */
import { clientTechnique } from '../model/technique.ts'
import { Asker, emptyPoll, plainQuestion } from './http/asking.ts'
import { PollTimer, timerTraits } from './http/poll-timer.ts'

export const polling = clientTechnique({
  ...timerTraits,
  create: (context, settings) => new PollTimer(new Asker(context, plainQuestion), settings, context.random()),
  ceiling: context => emptyPoll(context, plainQuestion),
})
