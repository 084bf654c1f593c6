import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { errorText, stackText } from '../../../measure/messages/error-text.ts'

const root = new URL('../../../', import.meta.url)
const within = (path: string): string => new URL(path, root).href

const thrown = (...frames: string[]): Error =>
  Object.assign(new TypeError('boom'), { stack: ['TypeError: boom', ...frames].join('\n') })

test('the place of an error is the first that is code under test', () => {
  const frames = [
    '    at node:events:12:3',
    '    at read (file:///app/node_modules/db/index.js:1:2)',
    `    at Publisher.send (${within('measure/server/publisher.ts')}:7:8)`,
    '    at Object.publish (file:///app/with%20space/my-server.ts:3:4)',
    '    at file:///app/other.ts:5:6',
  ]
  assert.equal(errorText(thrown(...frames)), 'TypeError: boom (at /app/with space/my-server.ts:3:4)')
  assert.equal(
    errorText(thrown('    at async start (/app/old.cjs:5:6)')),
    'TypeError: boom (at /app/old.cjs:5:6)',
  )
})

test('a module under test counts wherever it lies, and is named as seen from the working folder', () => {
  const module = within('my-server.ts')
  const own = thrown(`    at ${within('index.ts')}:1:1`, `    at ${module}:3:4`)
  assert.equal(errorText(own), 'TypeError: boom')
  const file = fileURLToPath(module)
  const shown = errorText(own, module)
  assert.ok(
    [`${file}:3:4`, 'my-server.ts:3:4'].some(place => shown === `TypeError: boom (at ${place})`),
    shown,
  )
})

test('an error without a place is its message', () => {
  assert.equal(errorText(thrown()), 'TypeError: boom')
  assert.equal(errorText(new Error('at work')).startsWith('at work'), true)
})

test('a stack keeps all its frames, those of code under test first', () => {
  const own = '    at Object.publish (file:///app/my-server.ts:3:4)'
  const others = ['    at node:events:12:3', `    at send (${within('measure/server/publisher.ts')}:7:8)`]
  assert.equal(stackText(thrown(...others, own)), ['TypeError: boom', own, ...others].join('\n'))
  assert.equal(stackText(thrown()), 'TypeError: boom')
})
