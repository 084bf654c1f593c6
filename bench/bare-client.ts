/**
 * The bare loop that the fleet is compared with: it uses the same library, opens the connections, sends the same
 * requests at the same pace, parses what comes and counts it, and does nothing else: no ledger, no histogram, no
 * reconnecting. Run as a child process under the meter of a client process; plain JSON in, plain JSON out.
 */
import { StringDecoder } from 'node:string_decoder'
import { Client } from 'undici'
import { WebSocket } from 'ws'
import { requestHeaders } from '../clients/http/headers.ts'
import { LoadMeter, type ProcessLoad } from '../measure/messages/process-load.ts'
import { clockFrom, type Origin } from '../model/clock.ts'
import type { Instant } from '../model/units.ts'
import type { Technique } from '../servers/index.ts'
import { type HttpWire, wires } from './bare-wires.ts'

/** When a client that asks sends its next request. */
export interface Pace {
  /** From request to request, from response to request, or from response to a user who acts at random instants. */
  readonly timing: 'fixed-rate' | 'fixed-delay' | 'poisson'
  /** The mean, for a user. */
  readonly intervalMs: number
}

/** What the parent asks for. */
export interface BareJob {
  readonly technique: Technique
  readonly url: string
  readonly clients: number
  readonly origin: Origin
  /** Null for techniques that do not ask again. */
  readonly pace: Pace | null
}

/** What the client process reports to the parent about the window. */
export interface BareReport {
  readonly load: ProcessLoad | null
  readonly deliveries: number
  readonly responses: number
}

/** As many as a client process opens at the same time. */
const connectsUnderWay = 100
/** Before the first client, as in a client process: it collects garbage, and what V8 makes of the heap follows from that. */
const meter = new LoadMeter()
let deliveries = 0
let responses = 0

/** Counts an event, or an array of events; the first item shows which of the two it is. */
function count(parsed: unknown): void {
  if (!Array.isArray(parsed)) return
  deliveries += typeof parsed[0] === 'number' ? 1 : parsed.length
}

const connectionTo = (url: URL): Client =>
  new Client(url.origin, { headersTimeout: 0, bodyTimeout: 0, allowH2: false })

function openStream(
  url: URL,
  { initiator, more = '' }: HttpWire,
  feed: (piece: string) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const decoder = new StringDecoder('utf8')
    const headers = requestHeaders('browser', initiator, url.origin)
    connectionTo(url).dispatch(
      { method: 'GET', path: `${url.pathname}${url.search}${more}`, headers },
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

/** The waits of one client from its first answer on, in milliseconds. */
const waits: Record<Pace['timing'], (intervalMs: number) => () => number> = {
  'fixed-rate': intervalMs => {
    // Users do not open a page all at once; clients that bunch together would cost less a request.
    let nextAt = performance.now() + Math.random() * intervalMs
    return () => {
      const wait = Math.max(0, nextAt - performance.now())
      nextAt += intervalMs
      return wait
    }
  },
  'fixed-delay': intervalMs => () => intervalMs,
  poisson: intervalMs => () => -Math.log(1 - Math.random()) * intervalMs,
}

/** Repeats the request until it is answered; resolves with the first response. */
function keepAsking(
  url: URL,
  wire: HttpWire & { read: (body: string) => unknown },
  pace: Pace,
): Promise<void> {
  const { initiator, more = '', read, form } = { form: undefined, ...wire }
  const client = connectionTo(url)
  const headers = requestHeaders('browser', initiator, url.origin)
  const request = form === undefined ? { method: 'GET' } : { method: 'POST', body: form }
  let cursor = 0
  let wait: (() => number) | undefined
  return new Promise((resolve, reject) => {
    const ask = (first = ''): void => {
      const decoder = new StringDecoder('utf8')
      let body = ''
      client.dispatch(
        { ...request, path: `${url.pathname}${url.search}&since=${cursor}${more}${first}`, headers },
        {
          onRequestStart: () => {},
          onResponseStart: () => {},
          onResponseData: (_, chunk) => {
            body += decoder.write(chunk)
          },
          onResponseEnd: () => {
            responses++
            const events = read(body)
            count(events)
            if (Array.isArray(events) && events.length > 0) cursor = events.at(-1)[0]
            wait ??= waits[pace.timing](pace.intervalMs)
            if (pace.intervalMs > 0) setTimeout(ask, wait())
            else ask()
            resolve()
          },
          onResponseError: (_, error) => reject(error),
        },
      )
    }
    // A long poll that is not held: the first answer comes at once.
    ask('&hold=0')
  })
}

function open({ technique, url, pace }: BareJob): Promise<void> {
  const address = new URL(url)
  const wire = wires[technique]
  if (wire === undefined) throw new Error(`${technique} has no bare loop`)
  if (wire === 'socket') return openSocket(address)
  if ('feed' in wire) return openStream(address, wire, wire.feed(count))
  if (pace === null) throw new Error(`${technique} asks at no pace`)
  return keepAsking(address, wire, pace)
}

async function connect(job: BareJob): Promise<void> {
  let left = job.clients
  const lane = async (): Promise<void> => {
    while (left-- > 0) await open(job)
  }
  await Promise.all(Array.from({ length: connectsUnderWay }, lane))
}

/** Counts what arrives between two instants and reports it to the parent. */
function measure(window: { from: Instant; to: Instant }, origin: Origin): void {
  const clock = clockFrom(origin)
  const at = (instant: Instant, act: () => void) => setTimeout(act, (instant - clock()) / 1_000)
  at(window.from, () => {
    meter.start()
    const before = { deliveries, responses }
    at(window.to, () => {
      meter.stop()
      const report: BareReport = {
        load: meter.settle(),
        deliveries: deliveries - before.deliveries,
        responses: responses - before.responses,
      }
      process.send?.({ report }, () => process.exit(0))
    })
  })
}

process.on(
  'message',
  async (message: { job: BareJob } | { window: { from: Instant; to: Instant }; origin: Origin }) => {
    if ('window' in message) return measure(message.window, message.origin)
    await connect(message.job)
    process.send?.({ connected: true })
  },
)
process.on('disconnect', () => process.exit(0))
