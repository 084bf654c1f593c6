/** `long-polling`: asks, waits for the answer as long as it takes, and asks again (RFC 6202 section 2.2). */
import { timeoutNotice } from '../model/event.ts'
import { clientTechnique } from '../model/technique.ts'
import { Asker, emptyPoll, plainQuestion, type Question } from './http/asking.ts'
import { firstHold, heldTraits, PollChain } from './http/poll-chain.ts'

/** The plain question, whose answer may also be the event that the hold ran out: no event of the stream. */
const question: Question = {
  ...plainQuestion,
  held: true,
  read: body => (body === timeoutNotice ? null : plainQuestion.read(body)),
}

export const longPolling = clientTechnique({
  ...heldTraits,
  create: (context, settings) =>
    new PollChain(new Asker(context, question), settings, firstHold(context, settings.hold)),
  ceiling: context => emptyPoll(context, question, '&hold=0'),
})
