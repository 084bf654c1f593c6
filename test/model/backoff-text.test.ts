import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Backoff, backoffNames, backoffOf } from '../../model/backoff.ts'
import { formatBackoff, parseBackoff } from '../../model/backoff-text.ts'
import { milliseconds, seconds } from '../../model/units.ts'

const readings: readonly (readonly [text: string, Backoff])[] = [
  ['none', backoffOf('none')],
  ['full-jitter', backoffOf('full-jitter')],
  ['full-jitter:base=1s:cap=30s:factor=2', backoffOf('full-jitter')],
  ['fixed:base=500ms', backoffOf('fixed', { base: milliseconds(500) })],
  ['decorrelated:cap=1m', backoffOf('decorrelated', { cap: seconds(60) })],
  ['exponential:factor=1.5', backoffOf('exponential', { factor: 1.5 })],
  ['socket.io:base=2s:cap=2s', backoffOf('socket.io', { base: seconds(2), cap: seconds(2) })],
]

for (const [text, backoff] of readings) {
  test(`${text} is read`, () => {
    assert.deepEqual(parseBackoff(text), { value: backoff })
  })
}

const problems: readonly (readonly [text: string, problem: string])[] = [
  ['ful-jitter', 'unknown backoff "ful-jitter": did you mean "full-jitter"?'],
  ['toString', `unknown backoff "toString": choose from ${backoffNames.join(', ')}`],
  ['', `unknown backoff "": choose from ${backoffNames.join(', ')}`],
  ['exponential:base=5s:cap=2s', 'cap of backoff exponential: 2s is below its base 5s: give cap=5s or more'],
  ['full-jitter:base=1m', 'cap of backoff full-jitter: 30s is below its base 1m: give cap=1m or more'],
  [
    'full-jitter:factor=1',
    'factor of backoff full-jitter: "1" is not a growth factor: write a number above 1, like 2 or 1.5',
  ],
  [
    'full-jitter:factor=fast',
    'factor of backoff full-jitter: "fast" is not a growth factor: write a number above 1, like 2 or 1.5',
  ],
  ['fixed:base=5', 'base of backoff fixed: "5" is not a duration: write it like 500ms, 30s or 2m'],
  ['fixed:base=0', 'base of backoff fixed: "0" is too small: give at least 1us'],
  ['fixed:cap=1s', 'backoff fixed has no parameter "cap": it has base'],
  ['none:base=1s', 'backoff none has no parameter "base": leave it out'],
  ['fixed:', 'backoff fixed has no parameter "": it has base'],
  ['fixed:base', 'base of backoff fixed has no value: write it like base=3s'],
  ['fixed:base=1s:base=2s', 'backoff fixed sets base twice: give it once'],
]

for (const [text, problem] of problems) {
  test(`"${text}" is refused in one sentence`, () => {
    assert.deepEqual(parseBackoff(text), { problem })
  })
}

test('every policy is written so that it is read back the same, its defaults left out', () => {
  for (const name of backoffNames) assert.equal(formatBackoff(backoffOf(name)), name)
  fc.assert(
    fc.property(
      fc.constantFrom('exponential', 'equal-jitter', 'full-jitter', 'decorrelated', 'socket.io', 'rfc6455'),
      fc.integer({ min: 1, max: 60_000 }),
      fc.nat(600_000),
      fc.double({ min: 1.0001, max: 100, noNaN: true }),
      (name, base, above, factor) => {
        const backoff = backoffOf(name as Backoff['name'], {
          base: milliseconds(base),
          cap: milliseconds(base + above),
          factor,
        })
        assert.deepEqual(parseBackoff(formatBackoff(backoff)), { value: backoff })
      },
    ),
    { seed: 1 },
  )
  assert.equal(formatBackoff(backoffOf('full-jitter', { base: seconds(2) })), 'full-jitter:base=2s')
})
