import assert from 'node:assert/strict'
import { readdirSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { test } from 'node:test'
import { ChildOutput } from '../../../measure/run/child-output.ts'

/** Lines of 100 bytes, numbered. */
const lines = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, index) => `line ${from + index} `.padEnd(99, '.'))
    .join('\n')
    .concat('\n')

const mebibyte = 1_024 ** 2

test('a short output is kept as it is, and its file has no name', () => {
  const output = new ChildOutput()
  writeSync(output.file, 'one\n')
  writeSync(output.file, 'two\n\n')
  assert.equal(output.text(), 'one\ntwo\n\n')
  assert.deepEqual(output.lastLines(), ['one', 'two'])
  output.end()
  assert.equal(output.text(), 'one\ntwo\n\n')
  assert.deepEqual(
    readdirSync(tmpdir()).filter(name => name.startsWith(`pushbench-output-${process.pid}-`)),
    [],
  )
})

for (const [what, count, pieces] of [
  ['that comes at once', 30_000, 1],
  ['that comes in pieces, of which the file is emptied', 200_000, 10],
] as const)
  test(`of a long output ${what} beginning and end are kept, in whole lines, with the bytes in between`, async t => {
    const output = new ChildOutput()
    t.after(() => output.end())
    for (let piece = 0; piece < pieces; piece++) {
      writeSync(output.file, lines((piece * count) / pieces, ((piece + 1) * count) / pieces))
      if (pieces > 1) await new Promise(resolve => setTimeout(resolve, 220))
    }
    output.end()
    const text = output.text()
    assert.ok(text.length <= mebibyte + 100, `${text.length} bytes`)
    assert.ok(text.length > 0.99 * mebibyte, `${text.length} bytes`)
    const [head = '', left = '', tail = ''] = text.split(/\[pushbench left out (\d+) bytes here: [^\n]*\]\n/)
    assert.equal(head, lines(0, head.length / 100))
    assert.equal(tail, lines(count - tail.length / 100, count))
    assert.equal(head.length + Number(left) + tail.length, count * 100)
    assert.match(output.lastLines().at(-1) ?? '', new RegExp(`^line ${count - 1} `))
  })

test('the error of which Node.js wrote the stack is quoted with its place; one that was only reported is not', () => {
  const output = new ChildOutput()
  writeSync(output.file, 'Error: reported by the server itself\ngoing on\n')
  assert.equal(output.lastError(), undefined)
  const stack =
    'TypeError: no stock\n    at sell (/srv/shop.js:3:7)\n    at node:internal/main:1:2\n\nNode.js v26.0.0\n'
  writeSync(output.file, `/srv/shop.js:3\n  throw\n  ^\n\n${stack}`)
  assert.equal(output.lastError(), 'TypeError: no stock (at /srv/shop.js:3:7)')
  output.end()
})
