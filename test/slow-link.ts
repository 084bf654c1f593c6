/** A link to a server whose far end can be stopped: while it is, nothing is taken from the server. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { TestContext } from 'node:test'

export class SlowLink {
  readonly #fromServer = new Set<Socket>()
  readonly url: URL
  #stopped = false

  private constructor(url: URL) {
    this.url = url
  }

  /** Opens a link to the server of `target`; closed with the test. */
  static async open(t: TestContext, target: URL): Promise<SlowLink> {
    const url = new URL(target)
    const link = new SlowLink(url)
    const ends: Socket[] = []
    const server = createServer(near => {
      const far = connect(Number(target.port), target.hostname)
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        ends.push(from)
        from
          .on('data', piece => to.write(piece))
          .on('error', () => {})
          .once('close', () => to.destroy())
      }
      link.#fromServer.add(far)
      if (link.#stopped) far.pause()
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    t.after(async () => {
      for (const end of ends) end.destroy()
      await new Promise(resolve => server.close(resolve))
    })
    url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`
    return link
  }

  /** Takes nothing more from the server. */
  stop(): void {
    this.#stopped = true
    for (const socket of this.#fromServer) socket.pause()
  }

  /** Takes so many bytes from the server, or a few more, and then nothing again; rejects when it closes before. */
  async take(bytes: number): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const closed = (): void => reject(new Error('the server closed the connection'))
    let taken = 0
    const count = (piece: Buffer): void => {
      taken += piece.length
      if (taken >= bytes) resolve()
    }
    for (const socket of this.#fromServer) socket.on('data', count).on('close', closed)
    this.resume()
    await promise
    this.stop()
    for (const socket of this.#fromServer) socket.off('data', count).off('close', closed)
  }

  /** Takes everything from the server again. */
  resume(): void {
    this.#stopped = false
    for (const socket of this.#fromServer) socket.resume()
  }
}
