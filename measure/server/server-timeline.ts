/**
 * The server's side of the timeline. Requests are counted as they come. Each socket counts its own bytes, and reading
 * them all costs a server with thousands of quiet connections more than its events do. So they are read at the edges
 * of the measured window, and in between only as often as that costs next to nothing. Bytes between two readings are
 * spread evenly over the bins between them.
 */

import { type Micros, micros } from '../../model/units.ts'
import { binWidth, type ServerTimeline } from '../messages/timeline.ts'

/** Readings of bytes between the edges of the window may take this share of the CPU time of the process. */
const readingShare = 0.01

/** Collects the readings of one server. */
export class TimelineReadings implements ServerTimeline {
  readonly requests: { index: number; requests: number }[] = []
  readonly bytes: { at: Micros; bytes: number }[] = []
  readonly #read: () => number
  readonly #cpu: () => Micros
  #cost = micros(0)
  #cpuAtReading = micros(0)

  /**
   * @param read adds up the bytes of all sockets
   * @param cpu CPU time of this process so far
   */
  constructor(read: () => number, cpu = cpuOfThisProcess) {
    this.#read = read
    this.#cpu = cpu
  }

  /** The edge of a bin has come: bytes are read if that has become cheap enough again. */
  edge(at: Micros, requests: number): void {
    this.requests.push({ index: Math.floor(at / binWidth) - 1, requests })
    const before = this.#cpu()
    if (this.#cost > readingShare * (before - this.#cpuAtReading)) return
    this.note(at, this.#read())
    this.#cost = micros(this.#cpuAtReading - before)
  }

  /** Records bytes that were read for another purpose. */
  note(at: Micros, bytes: number): void {
    this.bytes.push({ at, bytes })
    this.#cpuAtReading = this.#cpu()
  }
}

function cpuOfThisProcess(): Micros {
  const { user, system } = process.cpuUsage()
  return micros(user + system)
}
