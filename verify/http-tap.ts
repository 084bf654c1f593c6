/** Observes one HTTP/1.1 connection: which requests a client makes, and the head of each response. */

/** A field of a request or response head, as it was sent. */
export type Field = readonly [name: string, value: string]

/** A request as it was sent. Text is latin1: a character a byte. */
export interface SentRequest {
  readonly method: string
  /** Path and query. */
  readonly target: string
  readonly fields: readonly Field[]
  readonly body: string
}

/** A request and the head of its answer. */
export interface Exchange {
  readonly request: SentRequest
  readonly status: number
  readonly fields: readonly Field[]
}

/** The value of the first field of that name, whatever its case. */
export const fieldOf = (fields: readonly Field[], name: string): string | undefined =>
  fields.find(([each]) => each.toLowerCase() === name)?.[1]

const headEnd = '\r\n\r\n'

export class HttpTap {
  readonly #note: (exchange: Exchange) => void
  #request = ''
  #answer = ''
  #answered = false
  #upgraded = false

  /** @param note is given each exchange as soon as the head of its answer is complete */
  constructor(note: (exchange: Exchange) => void) {
    this.#note = note
  }

  /** Takes what the client sent; returns true when a request begins with it. Requests are never pipelined. */
  fromClient(piece: Buffer): boolean {
    if (this.#upgraded) return false
    const begins = this.#answered || this.#request === ''
    if (begins) {
      this.#request = ''
      this.#answer = ''
      this.#answered = false
    }
    this.#request += piece.toString('latin1')
    return begins
  }

  /** Takes what the server sent; returns true when an answer begins with it. */
  fromServer(piece: Buffer): boolean {
    if (this.#upgraded || this.#answered) return false
    const begins = this.#answer === ''
    this.#answer += piece.toString('latin1')
    if (this.#answer.includes(headEnd)) this.#complete()
    return begins
  }

  #complete(): void {
    this.#answered = true
    const [requestLine = '', fields, body] = parse(this.#request)
    const [statusLine = '', answerFields] = parse(this.#answer)
    const [method = '', target = ''] = requestLine.split(' ')
    const status = Number(statusLine.split(' ')[1])
    this.#upgraded = status === 101
    this.#note({ request: { method, target, fields, body }, status, fields: answerFields })
  }
}

/** Splits a message into its first line, its fields and its body. */
function parse(message: string): [string | undefined, Field[], string] {
  const end = message.indexOf(headEnd)
  const [first, ...lines] = message.slice(0, end).split('\r\n')
  const fields = lines.map((line): Field => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon), line.slice(colon + 1).trim()]
  })
  return [first, fields, message.slice(end + headEnd.length)]
}

/** The bytes of a request, with the length that its body has. */
export function requestText({ method, target, fields, body }: SentRequest): string {
  const lines = fields
    .filter(([name]) => name.toLowerCase() !== 'content-length')
    .map(([name, value]) => `${name}: ${value}`)
  if (body !== '') lines.push(`Content-Length: ${body.length}`)
  return [`${method} ${target} HTTP/1.1`, ...lines, '', body].join('\r\n')
}
