import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type FramingSink, MessageFramer } from '../../relay/http-framing.ts'

/** The parts of a connection, neighbours of one kind as one: what cuts cannot change. */
class Parts implements FramingSink {
  readonly list: [kind: string, text: string][] = []

  head = (bytes: Buffer): void => this.#add('head', bytes, true)
  data = (bytes: Buffer, chunked: boolean): void => this.#add(chunked ? 'chunked' : 'data', bytes)
  frame = (bytes: Buffer): void => this.#add('frame', bytes, true)
  last = (bytes: Buffer): void => this.#add('last', bytes, true)
  end = (): void => this.#add('end', Buffer.alloc(0), true)
  raw = (bytes: Buffer): void => this.#add('raw', bytes)

  #add(kind: string, bytes: Buffer, apart = false): void {
    const text = bytes.toString('latin1')
    const previous = this.list.at(-1)
    if (!apart && previous?.[0] === kind) previous[1] += text
    else this.list.push([kind, text])
  }
}

/** The parts of responses to `methods`, the bytes cut at `cuts`. */
function partsOf(text: string, methods: readonly string[] = [], cuts: readonly number[] = []): Parts['list'] {
  const parts = new Parts()
  const asked = [...methods]
  const framer = MessageFramer.ofResponses(parts, () => asked.shift() ?? 'GET')
  const bytes = Buffer.from(text, 'latin1')
  let from = 0
  for (const cut of [...new Set(cuts)].sort((a, b) => a - b)) {
    framer.feed(bytes.subarray(from, cut))
    from = cut
  }
  framer.feed(bytes.subarray(from))
  framer.finish()
  return parts.list
}

const counted = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n'
const chunkedHead = 'HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, Chunked \r\nContent-Length: 9\r\n\r\n'
const open = 'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n'
const switching = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n'
const early = 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'

for (const [what, text, methods, expected] of [
  [
    'a counted body',
    `${counted}hello`,
    [],
    [
      ['head', counted],
      ['data', 'hello'],
      ['end', ''],
    ],
  ],
  [
    'two responses in one go',
    `${counted}hello${counted}world`,
    [],
    [
      ['head', counted],
      ['data', 'hello'],
      ['end', ''],
      ['head', counted],
      ['data', 'world'],
      ['end', ''],
    ],
  ],
  [
    'chunks with extensions and trailers, whatever length is declared as well',
    `${chunkedHead}5;a=b\r\nhello\r\n1\r\n!\r\n0\r\nT: v\r\n\r\n${counted}again`,
    [],
    [
      ['head', chunkedHead],
      ['frame', '5;a=b\r\n'],
      ['chunked', 'hello'],
      ['frame', '\r\n'],
      ['frame', '1\r\n'],
      ['chunked', '!'],
      ['frame', '\r\n'],
      ['last', '0\r\nT: v\r\n\r\n'],
      ['end', ''],
      ['head', counted],
      ['data', 'again'],
      ['end', ''],
    ],
  ],
  [
    'a body until the connection ends',
    `${open}abc`,
    [],
    [
      ['head', open],
      ['data', 'abc'],
      ['end', ''],
    ],
  ],
  [
    'an interim head',
    `${early}${counted}hello`,
    ['HEAD'],
    [
      ['head', early],
      ['head', counted],
      ['end', ''],
      ['raw', 'hello'],
    ],
  ],
  [
    'an answer to HEAD',
    `${counted}${counted}hello`,
    ['HEAD', 'GET'],
    [
      ['head', counted],
      ['end', ''],
      ['head', counted],
      ['data', 'hello'],
      ['end', ''],
    ],
  ],
  [
    'an upgrade',
    `${switching}\x81\x05HTTP/`,
    [],
    [
      ['head', switching],
      ['raw', '\x81\x05HTTP/'],
    ],
  ],
  [
    'a tunnel',
    `${open}\x16\x03`,
    ['CONNECT'],
    [
      ['head', open],
      ['raw', '\x16\x03'],
    ],
  ],
  ['what is not HTTP', 'HTTQ\r\n\r\nHTTP/1.1', [], [['raw', 'HTTQ\r\n\r\nHTTP/1.1']]],
  ['a head that breaks off', 'HTTP/1.1 200 OK\r\nConte', [], [['raw', 'HTTP/1.1 200 OK\r\nConte']]],
  [
    'chunks that break the rules',
    `${chunkedHead}xyz\r\nrest`,
    [],
    [
      ['head', chunkedHead],
      ['raw', 'xyz\r\nrest'],
    ],
  ],
  [
    'a chunk that is longer than it said',
    `${chunkedHead}2\r\nabcd\r\n`,
    [],
    [
      ['head', chunkedHead],
      ['frame', '2\r\n'],
      ['chunked', 'ab'],
      ['raw', 'cd\r\n'],
    ],
  ],
] as const) {
  test(`${what} is framed alike wherever it is cut`, () => {
    assert.deepEqual(partsOf(text, methods), expected)
    for (let cut = 0; cut <= text.length; cut++) assert.deepEqual(partsOf(text, methods, [cut]), expected)
    const everywhere = Array.from(text, (_, at) => at)
    assert.deepEqual(partsOf(text, methods, everywhere), expected)
  })
}

for (const status of [204, 304]) {
  test(`status ${status} has no body, whatever its head says`, () => {
    const head = `HTTP/1.1 ${status} X\r\nContent-Length: 5\r\n\r\n`
    assert.deepEqual(partsOf(`${head}${counted}hello`), [
      ['head', head],
      ['end', ''],
      ['head', counted],
      ['data', 'hello'],
      ['end', ''],
    ])
  })
}

test('a head without an end is treated as not HTTP at 64 KiB', () => {
  const text = `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(70_000)}`
  assert.deepEqual(partsOf(text, [], [10, 66_000, 69_000]), [['raw', text]])
})

test('requests are framed by their own rules', () => {
  const parts = new Parts()
  const framer = MessageFramer.ofRequests(parts)
  const get = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
  const post = 'POST /f HTTP/1.1\r\nContent-Length: 3\r\n\r\n'
  framer.feed(Buffer.from(`${get}${post}a=b${get}`))
  framer.feed(Buffer.from([0x81, 0x80]))
  assert.deepEqual(parts.list, [
    ['head', get],
    ['end', ''],
    ['head', post],
    ['data', 'a=b'],
    ['end', ''],
    ['head', get],
    ['end', ''],
    ['raw', '\x81\x80'],
  ])
})

/** A response and the parts that it must come apart into. */
const response = fc
  .record({
    kind: fc.constantFrom('counted', 'chunked', 'interim'),
    pieces: fc.array(fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 30 }), { maxLength: 5 }),
  })
  .map(({ kind, pieces }): { text: string; body: string } => {
    const body = pieces.join('')
    if (kind === 'interim') return { text: early, body: '' }
    if (kind === 'counted')
      return { text: `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`, body }
    const chunks = pieces.map(piece => `${piece.length.toString(16)}\r\n${piece}\r\n`).join('')
    return { text: `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}0\r\n\r\n`, body }
  })

test('any responses, cut anywhere, keep their bodies and every byte', () => {
  fc.assert(
    fc.property(
      fc.array(response, { maxLength: 6 }),
      fc.array(fc.nat(400), { maxLength: 12 }),
      (responses, cuts) => {
        const text = responses.map(each => each.text).join('')
        const whole = partsOf(text)
        const cut = partsOf(
          text,
          [],
          cuts.filter(at => at < text.length),
        )
        assert.deepEqual(cut, whole)
        assert.equal(cut.map(([, part]) => part).join(''), text)
        const bodies = cut.filter(([kind]) => kind === 'data' || kind === 'chunked').map(([, part]) => part)
        assert.equal(bodies.join(''), responses.map(each => each.body).join(''))
      },
    ),
    { seed: 1, numRuns: 500 },
  )
})
