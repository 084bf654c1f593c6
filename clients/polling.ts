/** `polling`: a request every interval by XMLHttpRequest or fetch, whether or not anything happened. */
import { clientTechnique } from '../model/technique.ts'
import { Asker, emptyPoll, plainQuestion } from './http/http.ts'
import {
  PollTimer,
  timerDrain,
  timerPrediction,
  timerSettings,
  timerVerifySettings,
} from './http/poll-timer.ts'
import { pollSilence } from './http/silence.ts'

export const polling = clientTechnique({
  settings: timerSettings,
  verifySettings: timerVerifySettings,
  create(context, settings) {
    const asker = new Asker(context, plainQuestion)
    const poller = { poll: asker.ask.bind(asker), close: () => asker.close() }
    return new PollTimer(poller, settings, context.random())
  },
  drain: settings => timerDrain(settings),
  beginsAtRandomPhase: true,
  lookBack: ({ interval }) => interval,
  silence: ({ interval }) => pollSilence(interval),
  predict: (settings, inputs) => timerPrediction(settings, inputs),
  ceiling: context => emptyPoll(context, plainQuestion),
})
