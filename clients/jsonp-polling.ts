/** `jsonp-polling`: a script element every interval, whose body calls the page with the events. */
import { clientTechnique } from '../model/technique.ts'
import { Asker, emptyPoll } from './http/http.ts'
import {
  PollTimer,
  timerDrain,
  timerPrediction,
  timerSettings,
  timerVerifySettings,
} from './http/poll-timer.ts'
import { callbackSetting, scriptQuestion } from './http/script.ts'
import { pollSilence } from './http/silence.ts'

export const jsonpPolling = clientTechnique({
  settings: { ...timerSettings, callback: callbackSetting },
  verifySettings: timerVerifySettings,
  create(context, { callback, ...settings }) {
    const asker = new Asker(context, scriptQuestion(callback))
    const poller = { poll: asker.ask.bind(asker), close: () => asker.close() }
    return new PollTimer(poller, settings, context.random())
  },
  drain: settings => timerDrain(settings),
  beginsAtRandomPhase: true,
  lookBack: ({ interval }) => interval,
  silence: ({ interval }) => pollSilence(interval),
  predict: (settings, inputs) => timerPrediction(settings, inputs),
  ceiling: (context, { callback }) => emptyPoll(context, scriptQuestion(callback)),
})
