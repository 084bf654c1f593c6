/**
 * Who receives what. An audience maps clients to streams; a stream is one numbered sequence of events.
 * `broadcast` is one stream to all, `individual` one stream per client, `rooms:<n>` n streams to
 * which clients are assigned in turn. The rate of a workload is per stream.
 */

/** `broadcast`, `individual` or `rooms:<n>` with n of at least 1. */
export type Audience =
  | { readonly kind: 'broadcast' }
  | { readonly kind: 'individual' }
  | { readonly kind: 'rooms'; readonly rooms: number }

/** Reads the text form; null when it is none of the three. */
export function parseAudience(text: string): Audience | null {
  if (text === 'broadcast' || text === 'individual') return { kind: text }
  const rooms = /^rooms:(\d+)$/.exec(text)?.[1]
  return rooms !== undefined && Number(rooms) >= 1 ? { kind: 'rooms', rooms: Number(rooms) } : null
}

/** The text form, as flags and results carry it. */
export function formatAudience(audience: Audience): string {
  return audience.kind === 'rooms' ? `rooms:${audience.rooms}` : audience.kind
}

/**
 * The audience for another number of clients, at least 1: rooms keep their size, so that one event reaches as many
 * clients as before. There is at least one room.
 * @param from the clients that the audience is for
 */
export const scaledAudience = (audience: Audience, from: number, to: number): Audience =>
  audience.kind === 'rooms'
    ? { kind: 'rooms', rooms: Math.max(1, Math.round((audience.rooms * to) / from)) }
    : audience

/** The stream of a client. Clients and streams count from 0. */
export function streamOf(audience: Audience, client: number): number {
  switch (audience.kind) {
    case 'broadcast':
      return 0
    case 'individual':
      return client
    case 'rooms':
      return client % audience.rooms
  }
}

/** How many streams so many clients listen to. */
export function streamCount(audience: Audience, clients: number): number {
  switch (audience.kind) {
    case 'broadcast':
      return 1
    case 'individual':
      return Math.max(1, clients)
    case 'rooms':
      return Math.max(1, Math.min(audience.rooms, clients))
  }
}

/** The streams that clients `from` (inclusive) to `to` (exclusive) listen to, ascending. */
export function streamsOf(audience: Audience, from: number, to: number): number[] {
  const streams = new Set<number>()
  for (let client = from; client < to; client++) {
    streams.add(streamOf(audience, client))
    if (audience.kind === 'rooms' && streams.size === audience.rooms) break
    if (audience.kind === 'broadcast') break
  }
  return [...streams].sort((a, b) => a - b)
}

/** A URL template for one stream. Braces may stand encoded, as a parsed URL has them in its path. */
export const atStream = (template: string, stream: number): string =>
  template.replaceAll(/\{stream\}|%7Bstream%7D/gi, String(stream))
