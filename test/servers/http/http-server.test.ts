/** A plain handler of HTTP requests becomes a server adapter. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { get, type ServerResponse } from 'node:http'
import { type TestContext, test } from 'node:test'
import { WebSocket, WebSocketServer } from 'ws'
import { clockFrom, originNow } from '../../../model/clock.ts'
import type { ServerContext } from '../../../model/technique.ts'
import { type HttpService, httpServer } from '../../../servers/http/http-server.ts'
import { eventOf, eventually, textOf } from '../../served.ts'

/** A service that listens, with the numbers of receivers that it reported. */
async function serving(t: TestContext, service: HttpService) {
  const reported: number[] = []
  const context: ServerContext = {
    clock: clockFrom(originNow()),
    logEvents: 10,
    observer: {
      handedOver: (_event, _wait, receivers) => reported.push(receivers),
      heartbeats() {},
      rearmed() {},
    },
  }
  const server = httpServer(context, service)
  t.after(() => server.close())
  return { server, reported, url: await server.listen({ host: '127.0.0.1', port: 0 }) }
}

const refuse = (_: unknown, response: ServerResponse): void => {
  response.writeHead(404).end()
}

test('events are written as one line, and the number of receivers is reported where it is known', async t => {
  const published: unknown[] = []
  const { server, reported } = await serving(t, {
    handler: refuse,
    path: '/events',
    publish: (...parts) => {
      published.push(parts)
      return parts[0] === 7 ? 3 : undefined
    },
  })
  server.publish(7, eventOf(1))
  server.publish(8, eventOf(2))
  assert.deepEqual(published, [
    [7, textOf(1), 1],
    [8, textOf(2), 2],
  ])
  assert.deepEqual(reported, [3])
})

test('the address for clients has the path of the service, and closing ends what stands open', async t => {
  let closed = false
  const { server, url } = await serving(t, {
    handler: (_, response) => void response.writeHead(200).flushHeaders(),
    path: '/push/events',
    publish() {},
    close: () => {
      closed = true
    },
  })
  assert.equal(url.pathname, '/push/events')
  const [response] = await once(get(url), 'response')
  assert.equal(server.subscribers, 1)
  const ended = new Promise(resolve => response.on('error', () => {}).once('close', resolve))
  await server.close()
  await ended
  assert.ok(closed)
  await eventually(() => server.subscribers === 0, 'no connection')
})

test('a server of WebSockets attaches, and its connections end with it', async t => {
  const { server, url } = await serving(t, {
    handler: refuse,
    path: '/events',
    publish() {},
    attach: http => void new WebSocketServer({ server: http }),
  })
  const client = new WebSocket(url.href.replace('http', 'ws'))
  await once(client, 'open')
  const ended = once(
    client.on('error', () => {}),
    'close',
  )
  await server.close()
  await ended
})
