import assert from 'node:assert/strict'
import { test } from 'node:test'
import { longPolling } from '../../clients/long-polling.ts'
import { milliseconds } from '../../model/units.ts'
import { ok, scripted } from '../raw-connection.ts'
import { clientOf, RecordingSink } from '../recording-sink.ts'
import { eventually, textOf } from '../served.ts'

const targetOf = (head: string): string => head.split(' ')[1] ?? ''

test('the first request is not held; the next leaves with each answer and the newest cursor', async t => {
  const targets: string[] = []
  const bodies = [`[${textOf(1)}]`, '[]', `[${textOf(2)},${textOf(3)}]`]
  const url = await scripted(t, async raw => {
    for (;;) {
      targets.push(targetOf(await raw.through('\r\n\r\n')))
      const body = bodies[targets.length - 1]
      if (body === undefined) return
      raw.send(ok(body))
    }
  })
  const sink = new RecordingSink()
  await clientOf(t, longPolling, url).connect(sink)
  await eventually(() => targets.length === 4, 'four requests')
  assert.deepEqual(targets, [
    '/events?stream=0&since=0&hold=0',
    '/events?stream=0&since=1',
    '/events?stream=0&since=1',
    '/events?stream=0&since=3',
  ])
  assert.deepEqual(sink.responses, [false, true, false])
  assert.deepEqual(
    sink.events.map(({ seq }) => seq),
    [1, 2, 3],
  )
})

test('pause is waited out between an answer and the next request', async t => {
  const gaps: number[] = []
  let answeredAt = 0
  const url = await scripted(t, async raw => {
    for (let count = 0; ; count++) {
      await raw.through('\r\n\r\n')
      if (count > 0) gaps.push(performance.now() - answeredAt)
      answeredAt = performance.now()
      raw.send(ok('[]'))
    }
  })
  await clientOf(t, longPolling, url, { settings: { pause: milliseconds(30) } }).connect(new RecordingSink())
  await eventually(() => gaps.length >= 3, 'four requests')
  for (const gap of gaps) assert.ok(gap >= 28, `${gap} ms from an answer to the next request`)
})

test('a connection that is reset while a request is held is a loss by reset, and can be made again', async t => {
  const targets: string[] = []
  const url = await scripted(t, async (raw, index) => {
    targets.push(targetOf(await raw.through('\r\n\r\n')))
    raw.send(ok(`[${textOf(index + 1)}]`))
    targets.push(targetOf(await raw.through('\r\n\r\n')))
    if (index === 0) raw.socket.resetAndDestroy()
  })
  const sink = new RecordingSink()
  const client = clientOf(t, longPolling, url)
  await client.connect(sink)
  await eventually(() => sink.losses.length > 0, 'a loss')
  assert.deepEqual(
    sink.losses.map(({ cause }) => cause),
    ['reset'],
  )
  await client.connect(sink)
  await eventually(() => targets.length === 4, 'four requests')
  assert.deepEqual(targets.slice(2), ['/events?stream=0&since=1&hold=0', '/events?stream=0&since=2'])
})

test('closing while a request is held ends its connection and reports nothing', async t => {
  let [held, ended] = [false, false]
  const url = await scripted(t, async raw => {
    await raw.through('\r\n\r\n')
    raw.send(ok('[]'))
    await raw.through('\r\n\r\n')
    held = true
    await raw.end()
    ended = true
  })
  const sink = new RecordingSink()
  const client = clientOf(t, longPolling, url)
  await client.connect(sink)
  await eventually(() => held, 'a second request')
  await client.close()
  await eventually(() => ended, 'the connection to end')
  assert.deepEqual(sink.losses, [])
})

test('an answer that says by an event that the hold ran out is an empty response, and the client asks again', async t => {
  let asked = 0
  const url = await scripted(t, async raw => {
    for (const body of ['[]', '{"timeout":true}', `[${textOf(1)}]`]) {
      await raw.through('\r\n\r\n')
      asked++
      raw.send(ok(body))
    }
  })
  const sink = new RecordingSink()
  await clientOf(t, longPolling, url).connect(sink)
  await eventually(() => sink.events.length === 1, 'the event after it')
  assert.deepEqual([asked, sink.responses, sink.losses], [3, [true, true, false], []])
})
