/** Publishing by HTTP POST: in order within a stream, never waiting, and no loss unreported. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import { HttpPublisher } from '../../../measure/server/http-publisher.ts'
import { clockFrom, originNow } from '../../../model/clock.ts'
import { decodeMessage } from '../../../model/event.ts'
import { payloadMaker } from '../../../model/payload.ts'
import { instant } from '../../../model/units.ts'
import { eventually } from '../../served.ts'

const textBytes = 100

/** A server that keeps what is posted to it and answers as `answer` does; an HTTP publisher that posts there. */
async function outboxTo(t: TestContext, streams: number, answer: (response: ServerResponse) => void) {
  const posted: { stream: string; text: string }[] = []
  const server = createServer(async (request, response) => {
    posted.push({ stream: request.url ?? '', text: await text(request) })
    answer(response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const clock = clockFrom(originNow())
  const httpPublisher = new HttpPublisher(
    `http://127.0.0.1:${port}/{stream}`,
    streams,
    clock,
    payloadMaker(1, textBytes),
  )
  httpPublisher.countFrom = instant(0)
  t.after(() => httpPublisher.close())
  return { httpPublisher, posted, clock }
}

const taken = (response: ServerResponse): void => void response.writeHead(204).end()

test('events of a stream arrive in their order, each of the size that was asked for', async t => {
  const { httpPublisher, posted, clock } = await outboxTo(t, 20, taken)
  const streams = Array.from({ length: 20 }, (_, stream) => stream)
  const numbers = [1, 2, 3, 4, 5]
  for (const seq of numbers)
    for (const stream of streams) httpPublisher.push({ stream, seq, intendedAt: clock() })
  await eventually(() => posted.length === 100, 'every event')
  for (const stream of streams) {
    const came = posted.filter(each => each.stream === `/${stream}`).map(each => decodeMessage(each.text))
    assert.deepEqual(
      came.map(message => 'event' in message && message.event.seq),
      numbers,
    )
  }
  assert.deepEqual([...new Set(posted.map(each => each.text.length))], [textBytes])
  assert.equal(httpPublisher.lag.count, 100)
  assert.equal(httpPublisher.unpublished.count, 0)
})

test('an event that a server does not answer delays no other, and counts as not published', async t => {
  const { httpPublisher, posted, clock } = await outboxTo(t, 1, () => {})
  for (const seq of [1, 2, 3]) httpPublisher.push({ stream: 0, seq, intendedAt: clock() })
  await eventually(() => posted.length === 1, 'the first event')
  await httpPublisher.close()
  await eventually(() => httpPublisher.unpublished.count === 3, 'three events that were not taken')
  assert.equal(posted.length, 1)
})

test('events of the warm-up are posted but not counted', async t => {
  const { httpPublisher, posted, clock } = await outboxTo(
    t,
    1,
    response => void response.writeHead(500).end(),
  )
  httpPublisher.countFrom = instant(clock() + 60_000_000)
  httpPublisher.push({ stream: 0, seq: 1, intendedAt: clock() })
  await eventually(() => posted.length === 1, 'the event')
  await httpPublisher.close()
  assert.deepEqual(httpPublisher.unpublished, { count: 0, first: '' })
  assert.equal(httpPublisher.lag.count, 0)
})
