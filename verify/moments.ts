/** The moments of a client's reconnect at which an event can be published, where a test can force them. */
import { channel } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'
import type { VerifyProxy } from './proxy.ts'

/** One moment between a client's connecting and its being connected. */
export interface Moment {
  /** Reads after "an event published". */
  readonly name: string
  /**
   * Calls `act` at the moment, if it comes, for a client that connects by `proxy`.
   * @returns undoes the arrangement
   */
  arrange(act: () => void, proxy: VerifyProxy): () => void
}

/** Microtasks after the request was taken: between the awaits of a handler that reads a log and then subscribes. */
const microtasks = [0, 1, 2, 4, 8]
/** Turns of the event loop after the request was sent; by the last of them its answer has come. */
const turns = [0, 1, 2, 3, 4, 6, 8]

const atHook = (name: string, hook: 'connection' | 'request' | 'answer'): Moment => ({
  name,
  arrange(act, proxy) {
    proxy.hooks = { [hook]: act }
    return () => {
      proxy.hooks = {}
    }
  },
})

const afterTurns = (count: number): Moment => ({
  name: `${count} turns after the request was sent`,
  arrange(act, proxy) {
    const wait = (left: number): void => {
      if (left === 0) act()
      else setImmediate(wait, left - 1)
    }
    proxy.hooks = { requested: () => wait(count) }
    return () => {
      proxy.hooks = {}
    }
  },
})

/** Node announces each request before it calls the handler; an upgrade it does not announce. */
const afterMicrotasks = (count: number): Moment => ({
  name: `${count} microtasks after the server took the request`,
  arrange(act, proxy) {
    const wait = (left: number): void => {
      if (left === 0) act()
      else queueMicrotask(() => wait(left - 1))
    }
    const onRequest = (message: unknown): void => {
      const { socket } = message as { socket: Socket }
      if (proxy.carries(socket.remotePort)) wait(count)
    }
    channel('http.server.request.start').subscribe(onRequest)
    return () => void channel('http.server.request.start').unsubscribe(onRequest)
  },
})

/** Every moment, in its order as far as they have one. */
export const moments: readonly Moment[] = [
  atHook('before the server has the connection', 'connection'),
  atHook('before the server has the request', 'request'),
  ...microtasks.map(afterMicrotasks),
  ...turns.map(afterTurns),
  atHook('as the answer begins', 'answer'),
  { name: 'as soon as the client is connected', arrange: () => () => {} },
]
