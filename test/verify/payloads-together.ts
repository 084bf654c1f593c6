/** The payload cases of the suite as one, for tests of many pairs in which a client or a page of its own is dear. */

import { nastyPayloads } from '../../verify/payloads.ts'
import { type Case, cases } from '../../verify/suite.ts'

const isOfPayload = ({ name }: Case): boolean => name.startsWith('payload: ')

/** Every nasty payload, one behind the other, to a client that is connected and to one that comes later. */
export const payloadsTogether: Case = {
  name: 'payloads',
  about: 'nasty payloads arrive as they were published, when a client is connected and when it comes later',
  advice: 'the suite has a case for each of them',
  async run(harness) {
    const early = await harness.join()
    for (const payload of Object.values(nastyPayloads)) {
      harness.publish(payload)
      harness.publish('the event behind it')
    }
    await early.receives(harness.published())
    const late = await harness.join()
    await late.receives(harness.published())
  },
}

/** The cases of the suite, with those of payloads as one. */
export const casesWithPayloadsTogether: readonly Case[] = [
  payloadsTogether,
  ...cases.filter(each => !isOfPayload(each)),
]
