/** The responses of one client process, by stream: the clients of one stream wait for the same events. */
import type { StreamResponses } from '../messages/fleet-counts.ts'

export class Responses {
  readonly #streams = new Map<number, { total: number; empty: number }>()

  count(stream: number, empty: boolean): void {
    let counts = this.#streams.get(stream)
    if (counts === undefined) {
      counts = { total: 0, empty: 0 }
      this.#streams.set(stream, counts)
    }
    counts.total++
    if (empty) counts.empty++
  }

  parts(): StreamResponses[] {
    return [...this.#streams].map(([stream, { total, empty }]): StreamResponses => [stream, total, empty])
  }
}
