/**
 * One direction of one relayed connection: what comes in at the source goes out at the sink, in order and when
 * it is due. Bytes wait for the line to be free (bandwidth), then travel (delay, jitter). The end of a connection
 * travels like bytes: a half-close or a reset follows everything that was sent before it. But a sink that reads
 * nothing cannot delay a reset.
 */
import type { Socket } from 'node:net'
import type { Delayed, DelayQueue } from '../measure/time/delay-queue.ts'
import type { Link } from '../model/link.ts'
import type { Random } from '../model/random.ts'
import { after, elapsed, type Instant, instant, type Micros, micros } from '../model/units.ts'
import type { Histogram } from '../results/histogram.ts'

/** What all paths of a relay share. */
export interface PathContext {
  readonly link: Pick<Link, 'rtt' | 'jitter' | 'bandwidth'>
  readonly departures: DelayQueue
  readonly random: Random
  /** Nothing leaves before this instant, though connections stay open: the link is a black hole until then. */
  carriesFrom: Instant
  /** Takes for each segment how much later it left than the link asked for, at the most. */
  added: Histogram
  /** The most bytes that one path ever held; for tests that look for unbounded memory. */
  largestHeld: number
}

/** Bytes that Node reads from a socket at once, at the most. */
const readBytes = 65_536
/** What a path may hold beyond what is on its way. */
const slack = 262_144
/** As Linux bounds the window of a connection (the default of `net.ipv4.tcp_wmem`). */
const largestWindow = 4_194_304
/** The speed assumed for a line without a bandwidth limit; bits per second. */
const fastLine = 1_000_000_000
/** Ethernet's: what arrives in one piece over a slow line. */
const packetBytes = 1_460

/**
 * Bytes that one direction of a connection holds at the most before it stops reading its source: what is on
 * its way (bandwidth x round trip, at most a default TCP window of 4 MiB) and 256 KiB.
 */
export function heldBound({ rtt, bandwidth }: Pick<Link, 'rtt' | 'bandwidth'>): number {
  const onTheWay = ((bandwidth ?? fastLine) / 8) * (rtt / 1_000_000)
  return Math.min(Math.ceil(onTheWay), largestWindow) + slack
}

interface Segment {
  readonly due: Instant
  readonly cargo: Buffer | 'end' | 'reset'
  /** How late it may already have been when it was read. */
  readonly waited: number
}

export class Path implements Delayed {
  due: Instant = instant(0)
  readonly #context: PathContext
  readonly #source: Socket
  readonly #sink: Socket
  readonly #notBefore: Instant
  readonly #delay: number
  readonly #bound: number
  #queue: Segment[] = []
  /** Segments before this index have left. */
  #head = 0
  #queuedBytes = 0
  #lineFreeAt = instant(0)
  #lastDue = instant(0)
  #waiting = false
  #full = false
  /** Whatever was due before this was held up by a sink that did not read, not by the relay. */
  #drainedAt = instant(0)
  #paused = false
  #resetting = false
  #stopped = false

  /** @param notBefore nothing departs from the source before this instant: its handshake is not over */
  constructor(context: PathContext, source: Socket, sink: Socket, notBefore: Instant) {
    this.#context = context
    this.#source = source
    this.#sink = sink
    this.#notBefore = notBefore
    this.#delay = context.link.rtt / 2
    this.#bound = heldBound(context.link)
    sink.on('drain', () => this.#drained())
  }

  send(bytes: Buffer): void {
    const { bandwidth } = this.#context.link
    const now = this.#start()
    if (bandwidth === null) {
      this.#put(bytes, now, now - this.#start('earliest'))
    } else {
      // A line that was not free yet makes bytes wait, not the relay.
      const waited = Math.max(0, now - Math.max(this.#lineFreeAt, this.#start('earliest')))
      // A piece arrives when its last bit does; pieces of about a millisecond keep the front of a large one early.
      const piece = Math.max(packetBytes, Math.floor(bandwidth / 8_000))
      for (let at = 0; at < bytes.length; at += piece) {
        const part = bytes.subarray(at, at + piece)
        const from = Math.max(this.#lineFreeAt, now)
        this.#lineFreeAt = after(instant(from), micros((part.length * 8_000_000) / bandwidth))
        this.#put(part, this.#lineFreeAt, waited)
      }
    }
    this.#throttle()
  }

  /** When the last of what was sent so far is due; the origin while nothing was. */
  get lastDue(): Instant {
    return this.#lastDue
  }

  /** The source will send no more. */
  end(): void {
    this.#put('end', this.#leaving())
  }

  /** The source is gone, or could not be reached. */
  reset(): void {
    if (this.#resetting) return
    this.#resetting = true
    this.#put('reset', this.#leaving())
  }

  /** Drops everything: the sink is gone. */
  stop(): void {
    this.#stopped = true
    this.#queue.length = this.#head = this.#queuedBytes = 0
    // What the source still sends is read and dropped, or its end would never be seen.
    if (this.#paused) this.#source.resume()
  }

  depart(now: Instant): void {
    this.#waiting = false
    for (let next = this.#next; next !== undefined && next.due <= now; next = this.#next) {
      if (this.#full && !this.#resetting) break
      this.#head++
      this.#deliver(next)
    }
    this.#tidy()
    this.#wait()
    this.#throttle()
  }

  get #next(): Segment | undefined {
    return this.#queue[this.#head]
  }

  #tidy(): void {
    // Moving the rest up only occasionally keeps the cost of a departure constant.
    if (this.#head < this.#queue.length && this.#head < 256) return
    this.#queue = this.#queue.slice(this.#head)
    this.#head = 0
  }

  /** When what is read in this turn sets out; `earliest`: when it would have, had it been read as it came. */
  #start(when?: 'earliest'): Instant {
    const { departures, carriesFrom } = this.#context
    const read = when === 'earliest' ? departures.arrivedFrom() : departures.turnStart()
    return instant(Math.max(read, this.#notBefore, carriesFrom))
  }

  /** When bytes that arrive now leave: behind all bytes that wait for the line. */
  #leaving(): Instant {
    return instant(Math.max(this.#start(), this.#lineFreeAt))
  }

  #put(cargo: Segment['cargo'], leaving: Instant, waited = 0): void {
    if (this.#stopped) return
    const { link, departures, random } = this.#context
    const jitter = link.jitter === 0 ? 0 : random() * link.jitter
    // Nothing overtakes: TCP would hold the later segment back as well.
    const due = instant(Math.max(leaving + this.#delay + jitter, this.#lastDue))
    this.#lastDue = due
    const segment = { due, cargo, waited }
    if (cargo instanceof Buffer) this.#queuedBytes += cargo.length
    if (this.#next === undefined && !this.#full && due <= departures.turnStart()) {
      this.#deliver(segment)
    } else {
      this.#queue.push(segment)
      this.#wait()
    }
  }

  #deliver({ due, cargo, waited }: Segment): void {
    const sink = this.#sink
    if (cargo === 'reset') {
      sink.resetAndDestroy()
    } else if (cargo === 'end') {
      sink.end()
    } else {
      this.#queuedBytes -= cargo.length
      // After a reset that overtakes a full sink there is nothing left to send.
      if (this.#full) return
      this.#full = !sink.write(cargo)
      if (due >= this.#drainedAt) this.#context.added.record(micros(waited + this.#late(due)))
    }
  }

  #late(due: Instant): Micros {
    return elapsed(due, this.#context.departures.clock())
  }

  #wait(): void {
    const next = this.#next
    if (next === undefined || this.#waiting || (this.#full && !this.#resetting)) return
    this.due = next.due
    this.#waiting = true
    this.#context.departures.add(this)
  }

  #drained(): void {
    this.#full = false
    this.#drainedAt = this.#context.departures.clock()
    if (!this.#waiting) this.depart(this.#drainedAt)
  }

  /** Passes back-pressure on: the source is not read while its bytes cannot be written. */
  #throttle(): void {
    if (this.#stopped) return
    const held = this.#queuedBytes + this.#sink.writableLength
    if (held > this.#context.largestHeld) this.#context.largestHeld = held
    if (!this.#paused && held + readBytes > this.#bound) {
      this.#paused = true
      this.#source.pause()
    } else if (this.#paused && held <= this.#bound / 2) {
      this.#paused = false
      this.#source.resume()
    }
  }
}
