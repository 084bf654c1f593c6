/** A stream that its server ends is opened again at once, on the connection that stands or on a new one. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fetchStreaming } from '../../clients/fetch-streaming.ts'
import { sse } from '../../clients/sse.ts'
import { type RawConnection, scripted } from '../raw-connection.ts'
import { clientOf, RecordingSink } from '../recording-sink.ts'
import { eventually, textOf } from '../served.ts'

const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`

/** Answers a request with a stream of one event, and leaves it open. */
async function stream(connection: RawConnection, type: string, frame: string): Promise<void> {
  await connection.through('\r\n\r\n')
  connection.send(
    `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nTransfer-Encoding: chunked\r\n\r\n${chunk(frame)}`,
  )
}

const lines = (connection: RawConnection, seq: number): Promise<void> =>
  stream(connection, 'application/x-ndjson', `${textOf(seq)}\n`)

test('a request that crosses the close of its connection is made once more, on a new one', async t => {
  const url = await scripted(t, async (connection, index) => {
    await lines(connection, index + 1)
    if (index > 0) return
    connection.send(chunk(''))
    await connection.through('\r\n\r\n')
    connection.socket.end()
  })
  const sink = new RecordingSink()
  await clientOf(t, fetchStreaming, url).connect(sink)
  await eventually(() => sink.events.length === 2, 'the event of the second stream')
  assert.deepEqual(sink.losses, [])
})

test('a connection that is closed whenever it is asked is lost after the second', async t => {
  let connections = 0
  const url = await scripted(t, async (connection, index) => {
    connections++
    if (index === 0) {
      await lines(connection, 1)
      connection.send(chunk(''))
    }
    await connection.through('\r\n\r\n')
    connection.socket.end()
  })
  const sink = new RecordingSink()
  await clientOf(t, fetchStreaming, url).connect(sink)
  await eventually(() => sink.losses.length > 0, 'the loss')
  assert.deepEqual([connections, sink.losses.map(({ cause }) => cause)], [2, ['reset']])
})

test('an event stream that is asked for again in the moment of the close comes on a new connection', async t => {
  const url = await scripted(t, async (connection, index) => {
    await stream(connection, 'text/event-stream', `data: ${textOf(index + 1)}\n\n`)
    if (index > 0) return
    connection.send(chunk(''))
    await connection.through('\r\n\r\n')
    connection.socket.end()
  })
  const sink = new RecordingSink()
  const client = clientOf(t, sse, url)
  await client.connect(sink)
  await eventually(() => sink.losses.length === 1, 'the end of the first stream')
  await client.connect(sink)
  await eventually(() => sink.events.length === 2, 'the event of the second stream')
  assert.deepEqual([sink.losses.map(({ cause }) => cause), sink.openings], [['closed'], 2])
})
