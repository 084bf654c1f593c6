/**
 * What a proxy between server and client may do to responses: gather bytes of a body before it passes them
 * (`buffer`), and split bodies again (`rechunk`). Heads pass as soon as they are complete, so a client knows that it
 * is connected, and whatever does not arrive counts as not delivered. Upgraded connections, and whatever is not
 * HTTP, are never buffered, because proxies pass them on; their writes are still split.
 */

import { type Link, largestBuffer } from '../model/link.ts'
import { type FramingSink, MessageFramer } from './http-framing.ts'

const lineEnd = Buffer.from('\r\n')
const ignored = (): void => {}

/** True when a link changes responses. */
export const shapes = ({ buffer, rechunk }: Link): boolean => buffer !== null || rechunk !== null

/** Follows one connection; hands on what may pass, piece by piece. */
export class ResponseShaper implements FramingSink {
  readonly #pass: (bytes: Buffer) => void
  /** How many held bytes pass at once; without a buffer every byte that came. */
  readonly #enough: number
  readonly #most: number | null
  readonly #methods: string[] = []
  readonly #requests: MessageFramer
  readonly #responses: MessageFramer
  #held: Buffer[] = []
  #heldBytes = 0
  #chunked = false

  constructor({ buffer, rechunk }: Pick<Link, 'buffer' | 'rechunk'>, pass: (bytes: Buffer) => void) {
    this.#pass = pass
    this.#enough = buffer === 'until-end' ? largestBuffer : (buffer ?? 1)
    this.#most = rechunk
    this.#responses = MessageFramer.ofResponses(this, () => this.#methods.shift() ?? 'GET')
    this.#requests = MessageFramer.ofRequests({
      head: bytes => this.#methods.push(bytes.toString('latin1', 0, bytes.indexOf(' '))),
      data: ignored,
      frame: ignored,
      last: ignored,
      end: ignored,
      raw: ignored,
    })
  }

  /** Takes what the client sends: how a response ends depends on the method that asked for it. */
  request(bytes: Buffer): void {
    this.#requests.feed(bytes)
  }

  /** Takes what the server sends. */
  response(bytes: Buffer): void {
    this.#responses.feed(bytes)
    if (this.#heldBytes >= this.#enough) this.#release()
  }

  /** Passes what is held now; what arrives later is buffered again. */
  letGo(): void {
    this.#release()
  }

  /** The server will send no more. */
  finish(): void {
    this.#responses.finish()
    this.#release()
  }

  head(bytes: Buffer): void {
    this.#pass(bytes)
  }

  data(bytes: Buffer, chunked: boolean): void {
    this.#chunked = chunked
    this.#hold(bytes)
  }

  frame(bytes: Buffer): void {
    if (this.#most === null) this.#hold(bytes)
  }

  last(bytes: Buffer): void {
    if (this.#most === null) {
      this.#hold(bytes)
    } else {
      this.#release()
      this.#pass(bytes)
    }
  }

  end(): void {
    this.#release()
  }

  raw(bytes: Buffer): void {
    this.#release()
    this.#chunked = false
    this.#hold(bytes)
    this.#release()
  }

  #hold(bytes: Buffer): void {
    this.#held.push(bytes)
    this.#heldBytes += bytes.length
  }

  #release(): void {
    const [first] = this.#held
    if (first === undefined) return
    const bytes = this.#held.length === 1 ? first : Buffer.concat(this.#held)
    this.#held = []
    this.#heldBytes = 0
    const most = this.#most ?? bytes.length
    for (let at = 0; at < bytes.length; at += most) {
      const piece = bytes.subarray(at, at + most)
      this.#pass(this.#most !== null && this.#chunked ? chunkOf(piece) : piece)
    }
  }
}

/** RFC 9112 section 7.1. */
const chunkOf = (data: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${data.length.toString(16)}\r\n`), data, lineEnd])
