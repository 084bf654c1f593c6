/**
 * A pair whose answers are known beforehand: lines of text over TCP. The server leaves events out, duplicates or
 * swaps them by their sequence number alone; the client holds each until a set time after its publication. It
 * is found by child processes like the real registries: this module exports `servers` and `clients`.
 */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { Pacer } from '../../measure/time/pacer.ts'
import { type Clock, clockFrom, type Origin } from '../../model/clock.ts'
import { decodeMessage, encodeEvent, type PushEvent } from '../../model/event.ts'
import { LossError } from '../../model/loss.ts'
import { duration, toggle, zero } from '../../model/settings.ts'
import type { Pair } from '../../model/subject.ts'
import {
  type Address,
  type ClientSink,
  clientTechnique,
  type PushClient,
  type PushServer,
  type ServerContext,
  serverTechnique,
} from '../../model/technique.ts'
import { after, type Micros, micros, milliseconds } from '../../model/units.ts'

/** What a faulty pair does with an event; of a hundred in a row it drops 3, duplicates 2 and swaps 1 with its next. */
export function actionOf(seq: number): 'deliver' | 'drop' | 'double' | 'swap' {
  const place = seq % 100
  if (place === 7 || place === 38 || place === 71) return 'drop'
  if (place === 11 || place === 61) return 'double'
  return place === 23 ? 'swap' : 'deliver'
}

/** The origin that a clock counts from, to the nanoseconds that pass between two readings. */
function originOf(clock: Clock): Origin {
  let latest = 0n
  for (let reading = 0; reading < 100; reading++) {
    const before = process.hrtime.bigint()
    const origin = before - BigInt(Math.ceil(clock() * 1_000))
    if (origin > latest) latest = origin
  }
  return latest.toString() as Origin
}

class ScriptedServer implements PushServer {
  readonly #observer: ServerContext['observer']
  readonly #origin: Origin
  readonly #faulty: boolean
  readonly #sockets = new Map<Socket, number>()
  readonly #tcp = createServer(socket => this.#accept(socket))
  readonly #swapped = new Map<number, PushEvent>()

  constructor({ clock, observer }: ServerContext, faulty: boolean) {
    this.#observer = observer
    this.#origin = originOf(clock)
    this.#faulty = faulty
  }

  get subscribers(): number {
    return this.#sockets.size
  }

  async listen({ host, port }: Address): Promise<URL> {
    await new Promise<void>(resolve => this.#tcp.listen(port, host, resolve))
    // A client has no clock of the run, but this one counts from an instant of publication.
    return new URL(`http://${host}:${(this.#tcp.address() as AddressInfo).port}/?origin=${this.#origin}`)
  }

  publish(stream: number, event: PushEvent): void {
    const action = this.#faulty ? actionOf(event.seq) : 'deliver'
    if (action === 'swap') {
      this.#swapped.set(stream, event)
      return
    }
    if (action !== 'drop') this.#write(stream, event)
    if (action === 'double') this.#write(stream, event)
    const swapped = this.#swapped.get(stream)
    if (swapped === undefined) return
    this.#swapped.delete(stream)
    this.#write(stream, swapped)
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets.keys()) socket.destroy()
    await new Promise(resolve => this.#tcp.close(resolve))
  }

  #accept(socket: Socket): void {
    socket.setNoDelay(true)
    socket.on('error', () => {})
    socket.once('close', () => this.#sockets.delete(socket))
    // A client names its stream, and is answered once the next event would reach it.
    createInterface(socket).once('line', stream => {
      this.#sockets.set(socket, Number(stream))
      socket.write('ready\n')
    })
  }

  #write(stream: number, event: PushEvent): void {
    const line = `${encodeEvent(event)}\n`
    for (const [socket, listened] of this.#sockets) {
      if (listened !== stream) continue
      socket.write(line)
      this.#observer.handedOver(event, zero, 1)
    }
  }
}

class ScriptedClient implements PushClient {
  readonly #url: URL
  readonly #clock: Clock
  readonly #delay: Micros
  readonly #lead: Micros
  readonly #pacer: Pacer | undefined
  readonly #held: PushEvent[] = []
  #sink: ClientSink | undefined
  #socket: Socket | undefined

  constructor(url: URL, delay: Micros, lead: Micros) {
    const origin = url.searchParams.get('origin') as Origin
    this.#url = url
    this.#clock = clockFrom(origin)
    this.#delay = delay
    this.#lead = lead
    this.#pacer = delay > 0 ? new Pacer(origin, () => this.#release()) : undefined
  }

  connect(sink: ClientSink): Promise<void> {
    this.#sink = sink
    return new Promise((resolve, reject) => {
      const socket = connect({ host: this.#url.hostname, port: Number(this.#url.port) })
      this.#socket = socket
      let ready = false
      socket.on('error', error => reject(new LossError({ cause: 'refused', detail: error.message })))
      socket.once('close', () => {
        if (ready && this.#socket === socket) sink.lost({ cause: 'reset', detail: 'the socket closed' })
      })
      socket.write(`${this.#url.searchParams.get('stream')}\n`)
      createInterface(socket).on('line', line => {
        if (line === 'ready') {
          ready = true
          resolve()
          return
        }
        const message = decodeMessage(line)
        if ('event' in message) this.#hold(message.event)
      })
    })
  }

  async close(): Promise<void> {
    const socket = this.#socket
    this.#socket = undefined
    this.#held.length = 0
    await this.#pacer?.close()
    if (socket === undefined || socket.closed) return
    const closed = new Promise(resolve => socket.once('close', resolve))
    socket.destroy()
    await closed
  }

  #hold(event: PushEvent): void {
    if (this.#pacer === undefined) {
      this.#sink?.event(event)
    } else {
      this.#held.push(event)
      if (this.#held.length === 1) this.#arm()
    }
  }

  /** Sleeps until `lead` before the next event is due, then turns the event loop until it is. */
  #arm(): void {
    const [next] = this.#held
    if (next === undefined) return
    const wakeAt = after(next.sentAt, micros(this.#delay - this.#lead))
    if (this.#lead > 0 && this.#clock() >= wakeAt) setImmediate(() => this.#release())
    else this.#pacer?.wakeAt(wakeAt)
  }

  #release(): void {
    const now = this.#clock()
    for (let next = this.#held[0]; next !== undefined; next = this.#held[0]) {
      if (after(next.sentAt, this.#delay) > now) break
      this.#held.shift()
      this.#sink?.event(next)
    }
    this.#arm()
  }
}

export const servers = {
  scripted: serverTechnique({
    family: 'modern stream',
    summary: 'a pair for tests',
    reference: 'none',
    year: 2026,
    mechanism: 'an event is handed over by a timer',
    needs: { browser: 'none', server: 'none', proxy: 'none' },
    crossesOrigins: 'no',
    errors: 'none',
    settings: { faulty: toggle(false, 'drops 3 %, duplicates 2 %, swaps 1 %') },
    create: (context, { faulty }) => new ScriptedServer(context, faulty),
    watch: () => '',
  }),
}

export const clients = {
  scripted: clientTechnique({
    settings: {
      delay: duration('0', 'how long after its publication an event is received'),
      lead: duration('0', 'how long before that the client wakes, to be exact where everything is cold'),
    },
    create: ({ url }, { delay, lead }) => new ScriptedClient(url, delay, lead),
    drain: ({ delay }) => micros(delay + milliseconds(500)),
  }),
}

/** The pair, for a plan. */
export const scripted: Pair = {
  technique: 'scripted',
  server: servers.scripted,
  serverModule: import.meta.url,
  client: clients.scripted,
  clientModule: import.meta.url,
}
