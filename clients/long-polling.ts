/** `long-polling`: asks, waits for the answer as long as it takes, and asks again (RFC 6202 section 2.2). */
import { clientTechnique } from '../measure/technique.ts'
import { Asker, emptyPoll, plainQuestion } from './http.ts'
import { chainDrain, chainPrediction, chainSettings, PollChain } from './poll-chain.ts'

export const longPolling = clientTechnique({
  settings: chainSettings,
  create: (context, settings) => new PollChain(new Asker(context, plainQuestion), settings),
  drain: settings => chainDrain(settings),
  predict: (settings, inputs) => chainPrediction(settings, inputs),
  ceiling: context => emptyPoll(context, plainQuestion, '&hold=0'),
})
