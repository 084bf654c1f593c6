/**
 * The yardstick of the fleet: a loop over the same library that opens the connections, parses what comes and
 * counts it, and does nothing else. Run as a child process; plain JSON in, plain JSON out.
 */
import { StringDecoder } from 'node:string_decoder'
import { createParser } from 'eventsource-parser'
import { Client } from 'undici'
import { WebSocket } from 'ws'
import { clockFrom, type Origin } from '../measure/clock.ts'
import type { Instant } from '../measure/units.ts'

/** What the parent asks for. */
export interface BareJob {
  readonly technique: string
  readonly url: string
  readonly clients: number
  readonly origin: Origin
}

/** What the parent is told. */
export interface BareReport {
  readonly cpuSeconds: number
  readonly deliveries: number
}

let received = 0
const connectsUnderWay = 100

const loops: Readonly<Record<string, (url: string) => Promise<void>>> = {
  sse: url =>
    new Promise((resolve, reject) => {
      const { origin, pathname, search } = new URL(url)
      const decoder = new StringDecoder('utf8')
      const parser = createParser({ onEvent: ({ data }) => count(JSON.parse(data)) })
      const client = new Client(origin, { headersTimeout: 0, bodyTimeout: 0, allowH2: false })
      client.dispatch(
        { method: 'GET', path: pathname + search, headers: ['Accept', 'text/event-stream'] },
        {
          onRequestStart: () => {},
          onResponseStart: () => resolve(),
          onResponseData: (_, chunk) => parser.feed(decoder.write(chunk)),
          onResponseEnd: () => {},
          onResponseError: (_, error) => reject(error),
        },
      )
    }),
  websocket: url =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(url.replace('http', 'ws'), { perMessageDeflate: false })
      socket.on('open', resolve)
      socket.on('error', reject)
      socket.on('message', data => count(JSON.parse(data.toString())))
    }),
}

function count(event: unknown): void {
  if (Array.isArray(event)) received++
}

async function connect({ technique, url, clients }: BareJob): Promise<void> {
  const loop = loops[technique]
  if (loop === undefined) throw new Error(`no bare loop for ${technique}`)
  let left = clients
  const lane = async (): Promise<void> => {
    while (left-- > 0) await loop(url)
  }
  await Promise.all(Array.from({ length: connectsUnderWay }, lane))
}

process.on(
  'message',
  async (message: { job: BareJob } | { window: { from: Instant; to: Instant }; origin: Origin }) => {
    if ('job' in message) {
      await connect(message.job)
      process.send?.({ connected: true })
      return
    }
    const clock = clockFrom(message.origin)
    const { from, to } = message.window
    setTimeout(
      () => {
        const [cpu, before] = [process.cpuUsage(), received]
        setTimeout(
          () => {
            const { user, system } = process.cpuUsage(cpu)
            const report: BareReport = { cpuSeconds: (user + system) / 1e6, deliveries: received - before }
            process.send?.({ report }, () => process.exit(0))
          },
          (to - clock()) / 1_000,
        )
      },
      (from - clock()) / 1_000,
    )
  },
)
process.on('disconnect', () => process.exit(0))
