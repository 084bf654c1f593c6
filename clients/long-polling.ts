/** `long-polling`: asks, waits for the answer as long as it takes, and asks again (RFC 6202 section 2.2). */
import { timeoutNotice } from '../model/event.ts'
import { clientTechnique } from '../model/technique.ts'
import { micros } from '../model/units.ts'
import { Asker, emptyPoll, plainQuestion, type Question } from './http/http.ts'
import { chainDrain, chainPrediction, chainSettings, firstHold, PollChain } from './http/poll-chain.ts'
import { holdIdle, holdSettings, pollSilence } from './http/silence.ts'

/** The plain question, whose answer may also be the event that the hold ran out: no event of the stream. */
const question: Question = {
  ...plainQuestion,
  held: true,
  read: body => (body === timeoutNotice ? null : plainQuestion.read(body)),
}

export const longPolling = clientTechnique({
  settings: { ...chainSettings, ...holdSettings },
  create: (context, settings) =>
    new PollChain(new Asker(context, question), settings, firstHold(context, settings.hold)),
  drain: settings => chainDrain(settings),
  lookBack: ({ pause }) => pause,
  idle: settings => holdIdle(settings),
  silence: ({ pause, hold }) => pollSilence(micros(pause + hold)),
  predict: (settings, inputs) => chainPrediction(settings, inputs),
  ceiling: context => emptyPoll(context, question, '&hold=0'),
})
