/** The suite finds the cursor of a client wherever the client puts it, and puts other texts in its place. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cursorPlaces } from '../../../verify/cases/cursor-places.ts'
import { requestText, type SentRequest } from '../../../verify/http-tap.ts'

const request = (parts: Partial<SentRequest>): SentRequest => ({
  method: 'GET',
  target: '/events?stream=0',
  fields: [['Host', 'test']],
  body: '',
  ...parts,
})

/** The request with `abc` in place of its cursor, 137: once for each place. */
const replaced = (parts: Partial<SentRequest>): string[] =>
  cursorPlaces(request(parts), 137).map(replace => requestText(replace('abc')))

test('a cursor in the query is found, and another number is left alone', () => {
  assert.deepEqual(replaced({ target: '/events?stream=137&since=137&v=1.137&hold=0' }), [
    'GET /events?stream=abc&since=137&v=1.137&hold=0 HTTP/1.1\r\nHost: test\r\n\r\n',
    'GET /events?stream=137&since=abc&v=1.137&hold=0 HTTP/1.1\r\nHost: test\r\n\r\n',
  ])
})

test('a cursor in a header field is found, and the length of the body is not taken for one', () => {
  const fields = [
    ['Host', '127.0.0.1:13700'],
    ['Last-Event-ID', '137'],
    ['Content-Length', '137'],
  ] as const
  assert.deepEqual(replaced({ fields }), [
    'GET /events?stream=0 HTTP/1.1\r\nHost: 127.0.0.1:13700\r\nLast-Event-ID: abc\r\n\r\n',
  ])
})

test('a cursor in a body is found, in a form as in JSON, and the length follows', () => {
  const [form, json] = ['action=buy&since=137&item=1370', '{"since":137,"price":0.137}'].map(body =>
    replaced({ method: 'POST', body }),
  )
  const head = 'POST /events?stream=0 HTTP/1.1\r\nHost: test\r\n'
  assert.deepEqual(form, [`${head}Content-Length: 30\r\n\r\naction=buy&since=abc&item=1370`])
  assert.deepEqual(json, [`${head}Content-Length: 27\r\n\r\n{"since":abc,"price":0.137}`])
})
