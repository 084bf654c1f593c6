import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { SocketMeter } from '../../../measure/messages/socket-meter.ts'
import { eventually } from '../../served.ts'

function metering(t: TestContext, side: 'server' | 'client' = 'server'): SocketMeter {
  const meter = new SocketMeter(side)
  t.after(() => meter.close())
  return meter
}

const countsOf = (meter: SocketMeter) => ({ ...meter.bytes(), opened: meter.opened, open: meter.open.size })

/** A server on a free port, closed after the test. */
async function listening(t: TestContext, server: Server): Promise<() => Promise<Socket>> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  return async () => {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
    t.after(() => socket.destroy())
    await once(socket, 'connect')
    return socket
  }
}

/** Reads from a socket until so many bytes came. */
async function receive(socket: Socket, bytes: number): Promise<Buffer> {
  let received = Buffer.alloc(0)
  while (received.length < bytes) {
    const [chunk] = (await once(socket, 'data')) as [Buffer]
    received = Buffer.concat([received, chunk])
  }
  return received
}

test('bytes of a raw exchange are counted to the byte, in both directions, while open and when closed', async t => {
  const meter = metering(t)
  const accepted: Socket[] = []
  const open = await listening(
    t,
    createServer(socket => {
      accepted.push(socket)
      socket.on('data', (chunk: Buffer) => socket.write(Buffer.concat([chunk, chunk, Buffer.from('!')])))
    }),
  )
  assert.deepEqual(countsOf(meter), { toServer: 0, toClients: 0, opened: 0, open: 0 })

  const one = await open()
  one.write('seven b')
  assert.equal((await receive(one, 15)).length, 15)
  assert.deepEqual(countsOf(meter), { toServer: 7, toClients: 15, opened: 1, open: 1 })

  const other = await open()
  other.write('é')
  await receive(other, 5)
  assert.deepEqual(countsOf(meter), { toServer: 9, toClients: 20, opened: 2, open: 2 })

  const closed = Promise.all(accepted.map(socket => once(socket, 'close')))
  one.destroy()
  other.destroy()
  for (const socket of accepted) socket.destroy()
  await closed
  assert.deepEqual(countsOf(meter), { toServer: 9, toClients: 20, opened: 2, open: 0 })
})

test('heads and bodies of HTTP are counted to the byte, one exchange after the other on a connection that is kept', async t => {
  const meter = metering(t)
  const head = 'HTTP/1.1 200 OK\r\nDate: x\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\n'
  const open = await listening(
    t,
    createHttpServer((_, response) => {
      response.sendDate = false
      response.writeHead(200, ['Date', 'x', 'Connection', 'keep-alive', 'Content-Length', '5'])
      response.end('hello')
    }),
  )
  const socket = await open()
  const request = 'GET /events?since=0 HTTP/1.1\r\nHost: h\r\n\r\n'
  for (let count = 1; count <= 3; count++) {
    socket.write(request)
    const answer = await receive(socket, head.length + 5)
    assert.equal(answer.toString(), `${head}hello`)
    assert.deepEqual(countsOf(meter), {
      toServer: count * request.length,
      toClients: count * (head.length + 5),
      opened: 1,
      open: 1,
    })
  }
})

test('a meter of the other side counts the same bytes; one that was closed counts none', async t => {
  const [meter, client, over] = [metering(t), metering(t, 'client'), new SocketMeter('server')]
  over.close()
  const open = await listening(
    t,
    createServer(socket => socket.once('data', () => socket.end('four'))),
  )
  const socket = await open()
  socket.write('sixsix')
  await receive(socket, 4)
  await once(socket.resume(), 'close')
  const counts = { toServer: 6, toClients: 4, opened: 1, open: 0 }
  assert.deepEqual(countsOf(client), counts)
  await eventually(() => meter.open.size === 0, 'the end of the accepted socket')
  assert.deepEqual(countsOf(meter), counts)
  assert.deepEqual(countsOf(over), { toServer: 0, toClients: 0, opened: 0, open: 0 })
})

test('a meter of one port leaves out the sockets of other servers', async t => {
  const [server, other] = [createServer(), createServer()]
  const [open, openOther] = [await listening(t, server), await listening(t, other)]
  const meter = new SocketMeter('server', undefined, (server.address() as AddressInfo).port)
  t.after(() => meter.close())
  const [socket] = [await open(), await openOther()]
  await eventually(() => meter.opened === 1, 'the socket of the server')
  assert.equal(meter.open.size, 1)
  socket.destroy()
  await eventually(() => meter.open.size === 0, 'the end of the socket')
  assert.equal(meter.opened, 1)
})
