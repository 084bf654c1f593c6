/**
 * The yardstick of the fleet: a loop over the same library that opens the connections, parses what comes and
 * counts it, and does nothing else: no ledger, no histogram, no reconnecting. Run as a child process; plain JSON
 * in, plain JSON out.
 */
import { StringDecoder } from 'node:string_decoder'
import { createParser } from 'eventsource-parser'
import { Client } from 'undici'
import { WebSocket } from 'ws'
import { requestHeaders } from '../clients/headers.ts'
import { clockFrom, type Origin } from '../measure/clock.ts'
import type { Instant } from '../measure/units.ts'
import type { Technique } from '../servers/index.ts'

/** What the parent asks for. */
export interface BareJob {
  readonly technique: Technique
  readonly url: string
  readonly clients: number
  readonly origin: Origin
  /** Time between two requests of a client, for techniques that ask. */
  readonly intervalMs: number
}

/** What the parent is told of the window. */
export interface BareReport {
  readonly cpuSeconds: number
  readonly deliveries: number
  readonly responses: number
}

const connectsUnderWay = 100
let received = 0
let responses = 0

const count = (event: unknown): void => {
  if (Array.isArray(event)) received++
}
const countAll = (events: unknown): void => {
  if (Array.isArray(events)) received += events.length
}

/** Feeds pieces of an endless response; made anew for each. */
type Feed = (piece: string) => void

/** A feed that takes everything between two marks for an event. */
const between = (open: string, close: string, use: (text: string) => void) => (): Feed => {
  let rest = ''
  return piece => {
    rest += piece
    for (;;) {
      const from = rest.indexOf(open)
      const to = rest.indexOf(close, from + open.length)
      if (from < 0 || to < 0) return
      use(rest.slice(from + open.length, to))
      rest = rest.slice(to + close.length)
    }
  }
}

const lines = (): Feed => {
  let rest = ''
  return piece => {
    const parts = (rest + piece).split('\n')
    rest = parts.pop() ?? ''
    for (const line of parts) if (line !== '') count(JSON.parse(line))
  }
}

const feeds: Partial<Record<Technique, () => Feed>> = {
  sse: () => {
    const parser = createParser({ onEvent: ({ data }) => count(JSON.parse(data)) })
    return piece => parser.feed(piece)
  },
  'xhr-streaming': lines,
  'fetch-streaming': lines,
  'forever-frame': between('<script>push(', ')</script>', text => count(JSON.parse(text))),
  'page-streaming': between('<script>push(', ')</script>', text => count(JSON.parse(text))),
  'multipart-xhr': between('\r\n\r\n', '\r\n--', text => text !== '' && count(JSON.parse(text))),
  'server-push': between('id="events">', '</script>', text => countAll(JSON.parse(text))),
}

const reads: Partial<Record<Technique, (body: string) => unknown>> = {
  polling: JSON.parse,
  'busy-polling': JSON.parse,
  'long-polling': JSON.parse,
  'jsonp-polling': body => JSON.parse(body.slice(body.indexOf('(') + 1, -2)),
  'script-long-polling': body => JSON.parse(body.slice(body.indexOf('(') + 1, -2)),
  'page-refresh': body =>
    JSON.parse(body.slice(body.indexOf('id="events">') + 12, body.lastIndexOf('</script>'))),
}

function openStream(url: URL, feed: Feed): Promise<void> {
  return new Promise((resolve, reject) => {
    const decoder = new StringDecoder('utf8')
    const client = new Client(url.origin, { headersTimeout: 0, bodyTimeout: 0, allowH2: false })
    client.dispatch(
      {
        method: 'GET',
        path: url.pathname + url.search,
        headers: requestHeaders('browser', 'fetch', url.origin),
      },
      {
        onRequestStart: () => {},
        onResponseStart: () => resolve(),
        onResponseData: (_, chunk) => feed(decoder.write(chunk)),
        onResponseEnd: () => {},
        onResponseError: (_, error) => reject(error),
      },
    )
  })
}

function openSocket(url: URL): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url.href.replace('http', 'ws'), { perMessageDeflate: false })
    socket.on('open', resolve)
    socket.on('error', reject)
    socket.on('message', data => count(JSON.parse(data.toString())))
  })
}

/** Asks again and again; resolves with the first answer. */
function keepAsking(url: URL, intervalMs: number, read: (body: string) => unknown): Promise<void> {
  const client = new Client(url.origin, { headersTimeout: 0, bodyTimeout: 0, allowH2: false })
  const headers = requestHeaders('browser', 'fetch', url.origin)
  let cursor = 0
  return new Promise((resolve, reject) => {
    const ask = (): void => {
      const decoder = new StringDecoder('utf8')
      let body = ''
      client.dispatch(
        { method: 'GET', path: `${url.pathname}${url.search}&since=${cursor}`, headers },
        {
          onRequestStart: () => {},
          onResponseStart: () => {},
          onResponseData: (_, chunk) => {
            body += decoder.write(chunk)
          },
          onResponseEnd: () => {
            responses++
            const events = read(body)
            countAll(events)
            if (Array.isArray(events) && events.length > 0) cursor = events.at(-1)[0]
            // At a fixed rate, as the fleet's timers: with a fixed delay the clients of a loop bunch together over
            // time, and a bunch costs less a request than the same requests one by one.
            nextAt += intervalMs
            if (intervalMs > 0) setTimeout(ask, Math.max(0, nextAt - performance.now()))
            else ask()
            resolve()
          },
          onResponseError: (_, error) => reject(error),
        },
      )
    }
    // Clients do not open a page all at once, in the yardstick no more than in the fleet.
    const phase = Math.random() * intervalMs
    let nextAt = performance.now() + phase
    setTimeout(ask, phase)
  })
}

function open({ technique, url, intervalMs }: BareJob): Promise<void> {
  const address = new URL(url)
  if (technique === 'websocket') return openSocket(address)
  const feed = feeds[technique]
  if (feed !== undefined) return openStream(address, feed())
  const read = reads[technique]
  if (read === undefined) throw new Error(`no bare loop for ${technique}`)
  // A long poll is answered only when there is something, so nobody waits for its first answer.
  const asking = keepAsking(address, intervalMs, read)
  return intervalMs > 0 ? asking : Promise.resolve()
}

async function connect(job: BareJob): Promise<void> {
  let left = job.clients
  const lane = async (): Promise<void> => {
    while (left-- > 0) await open(job)
  }
  const lanes = job.intervalMs > 0 ? job.clients : connectsUnderWay
  await Promise.all(Array.from({ length: lanes }, lane))
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
        const [cpu, deliveries, answers] = [process.cpuUsage(), received, responses]
        setTimeout(
          () => {
            const { user, system } = process.cpuUsage(cpu)
            const report: BareReport = {
              cpuSeconds: (user + system) / 1e6,
              deliveries: received - deliveries,
              responses: responses - answers,
            }
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
