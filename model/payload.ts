/**
 * Payloads that bring an event's text to an exact size. The filler is seeded text over 64 characters:
 * compression would shrink a constant filler to almost nothing and make every comparison useless. Such text
 * deflates to about three quarters of its size, real JSON further, so compression gains are a lower bound.
 */
import { encodeEvent, type PushEvent } from './event.ts'
import { randomFor } from './random.ts'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
/** Far beyond the 32 KiB window of deflate, so that one event is not found again in the next. */
const poolBytes = 1_048_576

/** Makes the payload that brings the text of `stamp` to the wanted size. */
export type PayloadMaker = (stamp: Omit<PushEvent, 'payload'>) => string

/**
 * @param textBytes size of the whole event text in bytes; a stamp that is larger by itself gets an empty payload
 */
export function payloadMaker(seed: number, textBytes: number): PayloadMaker {
  const pool = fillerPool(seed, Math.max(poolBytes, 2 * textBytes))
  let offset = 0
  return stamp => {
    const size = textBytes - encodeEvent({ ...stamp, payload: '' }).length
    if (size <= 0) return ''
    if (offset + size > pool.length) offset = 0
    const payload = pool.slice(offset, offset + size)
    offset += size
    return payload
  }
}

function fillerPool(seed: number, length: number): string {
  const random = randomFor(seed, 'payload')
  const pool = Buffer.allocUnsafe(length)
  for (let index = 0; index < length; index++) pool[index] = alphabet.charCodeAt(Math.floor(random() * 64))
  return pool.toString('latin1')
}
