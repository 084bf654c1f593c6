/** A bare TCP connection, and a server of such, for tests that look at single bytes. */
import assert from 'node:assert/strict'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { TestContext } from 'node:test'

/** Longest wait for bytes that must come. */
const deadlineMs = 20_000

export class RawConnection {
  readonly socket: Socket
  /** True when the other side has closed the connection. */
  closed = false
  #received = Buffer.alloc(0)
  #changed: () => void = () => {}

  constructor(socket: Socket) {
    this.socket = socket
    socket.setNoDelay(true)
    socket.on('data', (piece: Buffer) => {
      this.#received = Buffer.concat([this.#received, piece])
      this.#changed()
    })
    socket.on('error', () => {})
    socket.once('close', () => {
      this.closed = true
      this.#changed()
    })
  }

  /** Connects to the server of `url`. */
  static async open(url: URL): Promise<RawConnection> {
    const socket = connect(Number(url.port), url.hostname)
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject))
    return new RawConnection(socket)
  }

  send(bytes: string | Buffer): void {
    this.socket.write(bytes)
  }

  /** Sends a GET with the lines given; `Host` is added. */
  get(pathAndQuery: string, ...lines: string[]): void {
    this.request('GET', pathAndQuery, ...lines)
  }

  /** As {@link get}, by any method; without a body. */
  request(method: string, pathAndQuery: string, ...lines: string[]): void {
    const length = method === 'GET' ? [] : ['Content-Length: 0']
    this.send([`${method} ${pathAndQuery} HTTP/1.1`, 'Host: test', ...length, ...lines, '', ''].join('\r\n'))
  }

  /** Takes everything up to and including `end`, once that has come. Text is latin1: a character a byte. */
  async through(end: string): Promise<string> {
    await this.#until(() => this.#received.includes(end, 0, 'latin1'), JSON.stringify(end))
    return this.#take(this.#received.indexOf(end, 0, 'latin1') + end.length).toString('latin1')
  }

  /** Takes so many bytes, once they have come. */
  async bytes(count: number): Promise<Buffer> {
    await this.#until(() => this.#received.length >= count, `${count} bytes`)
    return this.#take(count)
  }

  /** Takes an HTTP response whose length its head says, with the value of `Date` left out. */
  async response(): Promise<string> {
    const head = await this.through('\r\n\r\n')
    const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0)
    const body = await this.bytes(length)
    return head.replace(/(?<=\r\nDate: )[^\r]+/, '') + body.toString()
  }

  /** Waits until the other side has closed. */
  async end(): Promise<void> {
    if (!this.closed) await this.#until(() => this.closed, 'the end of the connection')
  }

  /** What came and was not taken. */
  get rest(): string {
    return this.#received.toString('latin1')
  }

  close(): void {
    this.socket.destroy()
  }

  #take(count: number): Buffer {
    const taken = this.#received.subarray(0, count)
    this.#received = this.#received.subarray(count)
    return taken
  }

  async #until(holds: () => boolean, what: string): Promise<void> {
    const end = performance.now() + deadlineMs
    while (!holds()) {
      assert.ok(!this.closed, `expected ${what}, got the end after ${JSON.stringify(this.rest.slice(-200))}`)
      const left = end - performance.now()
      assert.ok(left > 0, `expected ${what}, got ${JSON.stringify(this.rest.slice(-200))}`)
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#changed = resolve
      const timer = setTimeout(resolve, left)
      await promise
      clearTimeout(timer)
    }
  }
}

/** What a scripted server does with one connection. `index` counts its connections from 0. */
export type Script = (connection: RawConnection, index: number) => Promise<void>

/**
 * A server that speaks by a script; closed with the test. A script that fails because its client has gone
 * is over; any other failure fails the test.
 * @returns the address of its events
 */
export async function scripted(t: TestContext, script: Script): Promise<URL> {
  const failures: unknown[] = []
  const connections: RawConnection[] = []
  const server = createServer(socket => {
    const connection = new RawConnection(socket)
    connections.push(connection)
    script(connection, connections.length - 1).catch(error => {
      if (!connection.closed) failures.push(error)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.after(async () => {
    for (const connection of connections) connection.close()
    await new Promise(resolve => server.close(resolve))
    assert.deepEqual(failures, [])
  })
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/events?stream=0`)
}

/** An HTTP response with a body, which keeps the connection. */
export const ok = (body: string, type = 'application/json'): string =>
  `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
