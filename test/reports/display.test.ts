import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  listed,
  many,
  show,
  showPlain,
  showRange,
  times,
  type Unit,
  unbroken,
} from '../../reports/display.ts'

const shown: readonly [number | null, Unit, string][] = [
  [null, 'µs', 'no data'],
  [Number.NaN, 'µs', 'no data'],
  [Number.POSITIVE_INFINITY, 'bytes', 'no data'],
  [0, 'µs', '0 µs'],
  [0, 'ratio', '0 %'],
  [0, 'count', '0'],
  [0.5, 'µs', '0.50 µs'],
  [0.0004, 'µs', '0.0004 µs'],
  [7, 'µs', '7 µs'],
  [14.26, 'µs', '14.3 µs'],
  [999.4, 'µs', '999 µs'],
  [999.7, 'µs', '1.00 ms'],
  [1_000, 'µs', '1.00 ms'],
  [12_345, 'µs', '12.3 ms'],
  [999_600, 'µs', '1.00 s'],
  [75_000_000, 'µs', '75.0 s'],
  [3_600_000_000, 'µs', '60.0 min'],
  [131, 'bytes', '131 B'],
  [131.4, 'bytes', '131 B'],
  [1_023, 'bytes', '1,023 B'],
  [1_229, 'bytes', '1.20 KiB'],
  [8 * 1024 ** 3, 'bytes', '8.00 GiB'],
  [0.135, 'ratio', '13.5 %'],
  [0.36, 'ratio', '36.0 %'],
  [1, 'ratio', '100 %'],
  [8.2, 'ratio', '820 %'],
  [-0.25, 'ratio', '-25.0 %'],
  [10_000, 'count', '10,000'],
  [1.234, 'count', '1.23'],
  [250, 'per second', '250/s'],
]

for (const [value, unit, text] of shown) {
  test(`${value} ${unit} is shown as ${text}`, () => assert.equal(show(value, unit), text))
}

test('a setting is shown without needless zeros', () => {
  assert.equal(showPlain(5_000_000, 'µs'), '5 s')
  assert.equal(showPlain(1_500_000, 'µs'), '1.5 s')
  assert.equal(showPlain(64 * 1024, 'bytes'), '64 KiB')
  assert.equal(showPlain(10_000, 'count'), '10,000')
  assert.equal(showPlain(200, 'bytes'), '200 B')
})

test('a range names a shared unit once', () => {
  assert.equal(showRange(257_000, 457_000, 'µs'), '257–457 ms')
  assert.equal(showRange(980, 1_200, 'µs'), '980 µs–1.20 ms')
  assert.equal(showRange(5, 5_000_000, 'µs'), '5 µs–5.00 s')
  assert.equal(showRange(1, 20, 'count'), '1–20')
  assert.equal(showRange(500, 1_024, 'bytes'), '500 B–1.00 KiB')
})

test('a factor is null where there is none', () => {
  assert.equal(times(842, 1), '842')
  assert.equal(times(9.24, 1), '9.2')
  assert.equal(times(9.96, 1), '10')
  assert.equal(times(5_000, 1), '5,000')
  assert.equal(times(1, 0), null)
  assert.equal(times(Number.NaN, 1), null)
})

test('lists and plurals read as sentences do', () => {
  assert.equal(listed([]), '')
  assert.equal(listed(['a']), 'a')
  assert.equal(listed(['a', 'b']), 'a and b')
  assert.equal(listed(['a', 'b', 'c']), 'a, b and c')
  assert.equal(many(1, 'client'), '1 client')
  assert.equal(many(1_000, 'client'), '1,000 clients')
})

test('no line ends between a number and its unit', () => {
  assert.equal(unbroken('13.5 % in 5 ms with 4 minutes'), '13.5\u00a0% in 5\u00a0ms with 4 minutes')
})
