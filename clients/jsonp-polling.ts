/** `jsonp-polling`: a script element every interval, whose body calls the page with the events. */
import { clientTechnique } from '../model/technique.ts'
import { Asker, emptyPoll } from './http/asking.ts'
import { PollTimer, timerTraits } from './http/poll-timer.ts'
import { callbackSetting, scriptQuestion } from './http/script.ts'

export const jsonpPolling = clientTechnique({
  ...timerTraits,
  settings: { ...timerTraits.settings, callback: callbackSetting },
  create: (context, { callback, ...settings }) =>
    new PollTimer(new Asker(context, scriptQuestion(callback)), settings, context.random()),
  ceiling: (context, { callback }) => emptyPoll(context, scriptQuestion(callback)),
})
