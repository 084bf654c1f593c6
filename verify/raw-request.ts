/** Requests that an HTTP library cannot send. */
import { connect } from 'node:net'

/** Sends `text` to the server of `url` on a connection of its own; resolves with the status of the answer. */
export function statusOf(url: URL, text: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const socket = connect(Number(url.port), url.hostname, () => socket.write(text, 'latin1'))
  let head = ''
  socket.on('data', piece => {
    head += piece.toString('latin1')
    const status = /^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1]
    if (status === undefined) return
    resolve(Number(status))
    socket.destroy()
  })
  socket.once('error', reject)
  socket.once('close', () => reject(new Error(`no status in ${JSON.stringify(head.slice(0, 80))}`)))
  return promise
}

/** True when the server of `url` takes a connection. */
export function takesConnections(url: URL): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = connect(Number(url.port), url.hostname, () => {
    resolve(true)
    socket.destroy()
  })
  socket.once('error', () => resolve(false))
  return promise
}
