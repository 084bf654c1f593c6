/**
 * A server of event streams as a first draft has it: every event arrives, and that is all. It writes whether or not
 * the reader keeps up, sends no heartbeat, lets answers be stored, believes any Last-Event-ID, and cannot drain.
 */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { encodeEvent, type PushEvent } from '../../model/event.ts'
import type { PushServer } from '../../model/technique.ts'

/** What else a draft may get wrong. */
export interface DraftOptions {
  /** In which order a client is given the log and made a subscriber; something is awaited between the two. */
  readonly order?: 'log, subscription' | 'subscription, log'
  /** Writes the next event only when every reader has taken the last. */
  readonly waits?: true
  /** Gives subscribers what their cursor says that they have. */
  readonly repeats?: true
  /** Drains, but goes on listening. */
  readonly drainsOpen?: true
}

/** The draft, running. */
export function draftServer({ order, waits, repeats, drainsOpen }: DraftOptions = {}): PushServer {
  const logs: PushEvent[][] = []
  const subscribers = new Map<ServerResponse, { stream: number; cursor: number }>()
  let written: Promise<unknown> = Promise.resolve()

  const write = (response: ServerResponse, event: PushEvent): boolean =>
    response.write(`id: ${event.seq}\ndata: ${encodeEvent(event)}\n\n`)

  async function follow(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const query = new URL(request.url ?? '', 'http://localhost').searchParams
    const stream = Number(query.get('stream'))
    const cursor = Number(request.headers['last-event-id'] ?? query.get('since')) || 0
    response.writeHead(200, { 'Content-Type': 'text/event-stream' }).flushHeaders()
    response.once('close', () => subscribers.delete(response))
    const subscribe = (): void => void subscribers.set(response, { stream, cursor })
    const missed = (): PushEvent[] => (logs[stream] ?? []).filter(({ seq }) => seq > cursor)
    if (order === 'subscription, log') {
      subscribe()
      await nextTurn()
    }
    for (const event of missed()) write(response, event)
    if (order === 'log, subscription') await nextTurn()
    if (order !== 'subscription, log') subscribe()
  }

  const http = createServer((request, response) => void follow(request, response))
  const drain = async (): Promise<void> => {
    for (const response of subscribers.keys()) response.end().socket?.end()
  }
  return {
    async listen({ host, port }) {
      http.listen(port, host)
      await once(http, 'listening')
      return new URL(`http://${host}:${(http.address() as AddressInfo).port}/events`)
    },
    publish(stream, event) {
      logs[stream] = [...(logs[stream] ?? []), event]
      const send = (): Promise<unknown>[] =>
        [...subscribers].flatMap(([response, subscriber]) => {
          const wanted = subscriber.stream === stream && (repeats || event.seq > subscriber.cursor)
          return !wanted || write(response, event) || !waits ? [] : [once(response, 'drain')]
        })
      if (waits) written = written.then(() => Promise.all(send()))
      else send()
    },
    async close() {
      http.closeAllConnections()
      await new Promise<void>(resolve => http.close(() => resolve()))
    },
    get subscribers() {
      return subscribers.size
    },
    ...(drainsOpen && { drain }),
  }
}
