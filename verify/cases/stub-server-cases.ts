/** The cases in which the other side is a stub server or does not exist. */
import type { LossCause } from '../../model/loss.ts'
import type { Case } from '../case.ts'
import type { Harness } from '../harness.ts'
import { expectEqual, Mismatch } from '../mismatch.ts'
import { httpAnswer, openStubServer, unusedAddress } from '../stub-servers.ts'

const advice =
  'connect() of the client must reject with a LossError of the expected cause, and throw nothing else'

/** Expects that a client tries more than once, fails by one of `causes` each time, and throws nothing. */
async function expectLosses(harness: Harness, at: URL, causes: readonly LossCause[]): Promise<void> {
  const client = harness.client({ at })
  await harness.within(client.session.start(), 'a first attempt to connect')
  await client.until('a second attempt', () => client.losses.length >= 2)
  const other = client.losses.find(({ cause }) => !causes.includes(cause))
  if (other !== undefined)
    throw new Mismatch(`loss: expected ${causes.join(' or ')}, got ${other.cause} (${other.detail})`)
  expectEqual('events', client.events, [])
  expectEqual('connects', client.ups, 0)
}

async function meetsStubServer(
  harness: Harness,
  answer: string,
  causes: readonly LossCause[],
): Promise<void> {
  const stub = await openStubServer(answer)
  harness.defer(() => stub.close())
  await expectLosses(harness, stub.url, causes)
}

/** Every case against a stub server. */
export const stubServerCases: readonly Case[] = [
  {
    name: 'nothing listens',
    about: 'a client that finds no server reports `refused` and goes on trying',
    advice,
    run: async harness => expectLosses(harness, await unusedAddress(), ['refused']),
  },
  {
    name: 'status 500',
    about: 'a client that is answered with an error status reports `status`',
    advice,
    run: harness => meetsStubServer(harness, httpAnswer('500 Internal Server Error', ''), ['status']),
  },
  {
    name: 'no HTTP',
    about: 'a client whose server does not speak HTTP reports `protocol`',
    advice,
    run: harness => meetsStubServer(harness, '220 mail.example ESMTP\r\n', ['protocol']),
  },
  {
    name: 'foreign page',
    about: 'a client that gets some other page reports `protocol`, or `status` where 200 is the wrong status',
    advice,
    run: harness =>
      meetsStubServer(harness, httpAnswer('200 OK', '<!doctype html><p>Log in</p>'), ['protocol', 'status']),
  },
  {
    name: 'cut answer',
    about: 'a client whose answer is cut within its head reports `reset` or `protocol`',
    advice,
    run: harness => meetsStubServer(harness, 'HTTP/1.1 200 OK\r\nContent-', ['reset', 'protocol']),
  },
]
