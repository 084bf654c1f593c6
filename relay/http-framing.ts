/**
 * Finds where the messages of an HTTP/1.1 connection begin and end (RFC 9112 section 6), incrementally, however the
 * bytes are split. It does not validate: what is not HTTP, or no longer HTTP (an upgraded connection), is `raw` from
 * there on. Every byte is handed to exactly one call, in order.
 */

/** Receives the parts of a connection's messages. */
export interface FramingSink {
  /** A whole head with its blank line, interim (1xx) heads included. */
  head(bytes: Buffer): void
  /** A piece of a body; of a chunked one the data alone. */
  data(bytes: Buffer, chunked: boolean): void
  /** A chunk's size line, or the line end behind its data. */
  frame(bytes: Buffer): void
  /** The last chunk with its trailers. */
  last(bytes: Buffer): void
  /** The message is complete. */
  end(): void
  /** Bytes that belong to no message. */
  raw(bytes: Buffer): void
}

/** How a message's body ends. `interim` is a head with the real one still to come. */
type Body =
  | { readonly kind: 'none' | 'interim' | 'chunked' | 'close' | 'raw' }
  | { readonly kind: 'length'; readonly bytes: number }

type State = 'head' | 'length' | 'close' | 'size' | 'chunk' | 'chunk-end' | 'trailer' | 'raw'

/** A longer head, size line or trailer is treated as not HTTP. */
const longestHead = 65_536
const blankLine = '\r\n\r\n'
const nothing: Buffer = Buffer.alloc(0)

/** Follows one direction of a connection. */
export class MessageFramer {
  readonly #sink: FramingSink
  readonly #start: RegExp
  readonly #bodyOf: (head: string) => Body
  #state: State = 'head'
  /** A head or line that has not arrived completely. */
  #pending = nothing
  /** Of the body or the chunk. */
  #remaining = 0

  private constructor(sink: FramingSink, start: RegExp, bodyOf: (head: string) => Body) {
    this.#sink = sink
    this.#start = start
    this.#bodyOf = bodyOf
  }

  /** @param method of the request that the next final response answers */
  static ofResponses(sink: FramingSink, method: () => string): MessageFramer {
    return new MessageFramer(sink, /^(?:HTTP\/1\.|H$|HT$|HTT$|HTTP$|HTTP\/$|HTTP\/1$)/, head =>
      responseBody(head, method),
    )
  }

  static ofRequests(sink: FramingSink): MessageFramer {
    return new MessageFramer(sink, /^[A-Z]{1,20}(?: |$)/, requestBody)
  }

  feed(bytes: Buffer): void {
    let rest = bytes
    while (rest.length > 0) rest = this.#step(rest)
  }

  /** The connection's direction has ended: so has a body that lasts until then. */
  finish(): void {
    if (this.#pending.length > 0) this.#toRaw(this.#pending)
    if (this.#state === 'close') this.#endMessage()
  }

  /** Takes what it can from the front; returns the rest. */
  #step(bytes: Buffer): Buffer {
    switch (this.#state) {
      case 'head':
        return this.#head(bytes)
      case 'length':
        return this.#counted(bytes, false)
      case 'chunk':
        return this.#counted(bytes, true)
      case 'close':
        this.#sink.data(bytes, false)
        return nothing
      case 'size':
        return this.#line(bytes, line => this.#size(line))
      case 'chunk-end':
        return this.#line(bytes, line => this.#chunkEnd(line))
      case 'trailer':
        return this.#trailer(bytes)
      case 'raw':
        this.#sink.raw(bytes)
        return nothing
    }
  }

  /** Bytes up to and including the first `end`; null, and all kept, while it has not come. */
  #through(end: string, bytes: Buffer): { found: Buffer; rest: Buffer } | null {
    const from = Math.max(0, this.#pending.length - end.length + 1)
    const joined = this.#pending.length === 0 ? bytes : Buffer.concat([this.#pending, bytes])
    const at = joined.indexOf(end, from, 'latin1')
    if (at < 0) {
      this.#pending = joined
      if (joined.length > longestHead) this.#toRaw(joined)
      return null
    }
    this.#pending = nothing
    return { found: joined.subarray(0, at + end.length), rest: joined.subarray(at + end.length) }
  }

  #head(bytes: Buffer): Buffer {
    const split = this.#through(blankLine, bytes)
    const begun = split?.found ?? this.#pending
    if (this.#state === 'head' && !this.#start.test(begun.toString('latin1', 0, 21))) {
      this.#toRaw(begun)
    } else if (split !== null) {
      this.#begin(split.found)
    }
    return split?.rest ?? nothing
  }

  #begin(head: Buffer): void {
    const body = this.#bodyOf(head.toString('latin1'))
    this.#sink.head(head)
    if (body.kind === 'interim') return
    if (body.kind === 'none' || (body.kind === 'length' && body.bytes === 0)) this.#endMessage()
    else if (body.kind === 'length') this.#remaining = body.bytes
    if (body.kind === 'length' && body.bytes > 0) this.#state = 'length'
    else if (body.kind === 'chunked') this.#state = 'size'
    else if (body.kind === 'close' || body.kind === 'raw') this.#state = body.kind
  }

  #counted(bytes: Buffer, chunked: boolean): Buffer {
    const part = bytes.subarray(0, this.#remaining)
    this.#remaining -= part.length
    this.#sink.data(part, chunked)
    if (this.#remaining === 0) {
      if (chunked) this.#state = 'chunk-end'
      else this.#endMessage()
    }
    return bytes.subarray(part.length)
  }

  #line(bytes: Buffer, take: (line: Buffer) => void): Buffer {
    const split = this.#through('\r\n', bytes)
    if (split !== null) take(split.found)
    return split?.rest ?? nothing
  }

  #size(line: Buffer): void {
    // RFC 9112 section 7.1: hexadecimal, then extensions, which can be ignored.
    const digits = /^([0-9a-f]{1,12})[ \t]*(?:;.*)?\r\n$/i.exec(line.toString('latin1'))?.[1]
    this.#remaining = Number.parseInt(digits ?? '', 16)
    if (digits === undefined) {
      this.#toRaw(line)
    } else if (this.#remaining > 0) {
      this.#sink.frame(line)
      this.#state = 'chunk'
    } else {
      this.#pending = line
      this.#state = 'trailer'
    }
  }

  #chunkEnd(line: Buffer): void {
    if (line.length === 2) {
      this.#sink.frame(line)
      this.#state = 'size'
    } else {
      this.#toRaw(line)
    }
  }

  /** The last chunk's size line is pending; trailers, if any, and a blank line follow. */
  #trailer(bytes: Buffer): Buffer {
    const split = this.#through(blankLine, bytes)
    if (split === null) return nothing
    this.#sink.last(split.found)
    this.#endMessage()
    return split.rest
  }

  #endMessage(): void {
    this.#state = 'head'
    this.#sink.end()
  }

  #toRaw(bytes: Buffer): void {
    this.#state = 'raw'
    this.#pending = nothing
    if (bytes.length > 0) this.#sink.raw(bytes)
  }
}

const header = (head: string, name: string): string | undefined =>
  new RegExp(`\\r\\n${name}:[ \\t]*([^\\r]*?)[ \\t]*\\r\\n`, 'i').exec(head)?.[1]

/** RFC 9112 section 6.3, for a response. */
function responseBody(head: string, method: () => string): Body {
  const status = Number(/^\S+ (\d{3})/.exec(head)?.[1])
  if (status === 101) return { kind: 'raw' }
  if (status >= 100 && status < 200) return { kind: 'interim' }
  const asked = method()
  if (asked === 'CONNECT' && status >= 200 && status < 300) return { kind: 'raw' }
  if (asked === 'HEAD' || status === 204 || status === 304) return { kind: 'none' }
  return declaredBody(head) ?? { kind: 'close' }
}

/** A request without a declared body has none. */
const requestBody = (head: string): Body => declaredBody(head) ?? { kind: 'none' }

function declaredBody(head: string): Body | null {
  const codings = header(head, 'transfer-encoding')
  if (codings !== undefined) return { kind: /(?:^|[,\s])chunked$/i.test(codings) ? 'chunked' : 'close' }
  const length = header(head, 'content-length')
  return length !== undefined && /^\d{1,15}$/.test(length) ? { kind: 'length', bytes: Number(length) } : null
}
