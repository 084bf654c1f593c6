import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  formatDuration,
  formatRate,
  type Parsed,
  parseBandwidth,
  parseCount,
  parseDuration,
  parseRate,
  parseSize,
} from '../../model/quantity.ts'
import { micros } from '../../model/units.ts'

const problemOf = (parsed: Parsed<unknown>): string | undefined =>
  'problem' in parsed ? parsed.problem : undefined

for (const [text, value] of [
  ['0', 0],
  ['250us', 250],
  ['0.5us', 0.5],
  ['500ms', 500_000],
  ['1.5s', 1_500_000],
  ['30s', 30_000_000],
  ['2m', 120_000_000],
  ['1h', 3_600_000_000],
  ['0s', 0],
] as const) {
  test(`the duration ${text} is ${value} µs`, () => assert.deepEqual(parseDuration(text), { value }))
}

for (const [text, value] of [
  ['2/s', 2],
  ['0.5/s', 0.5],
  ['30/m', 0.5],
  ['7200/h', 2],
] as const) {
  test(`the rate ${text} is ${value} events per second`, () => assert.deepEqual(parseRate(text), { value }))
}

for (const [text, value] of [
  ['0', 0],
  ['128', 128],
  ['128B', 128],
  ['1kB', 1_000],
  ['1KB', 1_000],
  ['64KiB', 65_536],
  ['1.5KiB', 1_536],
  ['1MB', 1_000_000],
  ['1MiB', 1_048_576],
] as const) {
  test(`the size ${text} is ${value} bytes`, () => assert.deepEqual(parseSize(text), { value }))
}

for (const [text, value] of [
  ['10Mbit', 10_000_000],
  ['64kbit', 64_000],
  ['1.5Gbit/s', 1_500_000_000],
  ['9600bit', 9_600],
] as const) {
  test(`the bandwidth ${text} is ${value} bit/s`, () => assert.deepEqual(parseBandwidth(text), { value }))
}

for (const text of ['', '0Mbit', '10', '10MB', '10mbit', '10 Mbit', '-1Mbit', '1Mbit/m']) {
  test(`"${text}" is not a bandwidth`, () =>
    assert.match(problemOf(parseBandwidth(text)) ?? '', /is not a bandwidth: write it like 10Mbit or 64kbit/))
}

const never = ['', ' ', 'abc', '-1', '+1', 'NaN', 'Infinity', '1e3', '0x10', '.5', '5.', '1,5', '١']

for (const text of [
  ...never,
  '5',
  '00',
  '-1s',
  '1 s',
  ' 1s',
  '1s ',
  '1s\n',
  's',
  'ms',
  '1S',
  '1sec',
  '1e3ms',
  '.5s',
  '5.s',
  '1s500ms',
  '1d',
  '1/s',
]) {
  test(`${JSON.stringify(text)} is refused as a duration, with a sentence that quotes it and shows the form`, () => {
    assert.equal(
      problemOf(parseDuration(text)),
      `"${text}" is not a duration: write it like 500ms, 30s or 2m`,
    )
  })
}

for (const text of [
  ...never,
  '5',
  '0/s',
  '0.0/s',
  '-2/s',
  '2/',
  '/s',
  '2 /s',
  '2/ms',
  '2/S',
  '2/s/s',
  '2s',
  '2/d',
]) {
  test(`${JSON.stringify(text)} is refused as a rate, with a sentence that quotes it and shows the form`, () => {
    assert.equal(problemOf(parseRate(text)), `"${text}" is not a rate: write it like 2/s or 30/m, above 0`)
  })
}

for (const text of [...never, '-1B', '1 KiB', '1Kib', '1kb', '1GB', 'KiB', '1.5.5']) {
  test(`${JSON.stringify(text)} is refused as a size, with a sentence that quotes it and shows the form`, () => {
    assert.equal(problemOf(parseSize(text)), `"${text}" is not a size: write it like 128, 64KiB or 1MB`)
  })
}

for (const text of [...never, '0', '1.5', '1s', '9007199254740993']) {
  test(`${JSON.stringify(text)} is refused as a count of at least 1`, () => {
    assert.equal(problemOf(parseCount(text, 1)), `"${text}" is not a whole number of at least 1`)
  })
}

test('a count is read from its minimum on', () => {
  assert.deepEqual(parseCount('0', 0), { value: 0 })
  assert.deepEqual(parseCount('17', 17), { value: 17 })
  assert.ok(problemOf(parseCount('16', 17)))
})

test('every whole duration is written so that it is read back, with the largest unit that divides it', () => {
  fc.assert(
    fc.property(
      fc.nat({ max: 10 ** 12 }),
      fc.constantFrom(1, 1_000, 1_000_000, 60_000_000),
      (count, scale) => {
        const value = micros((count % 100_000) * scale)
        assert.deepEqual(parseDuration(formatDuration(value)), { value })
      },
    ),
    { seed: 1, numRuns: 1_000 },
  )
  assert.equal(formatDuration(micros(90_000_000)), '90s')
  assert.equal(formatDuration(micros(120_000_000)), '2m')
  assert.equal(formatDuration(micros(1_500_000)), '1500ms')
  assert.equal(formatDuration(micros(0)), '0')
})

/** Decimal numbers as people write them: up to three places. */
const decimals = fc
  .tuple(fc.nat({ max: 1_000 }), fc.constantFrom('', '.5', '.25', '.001', '.1', '.35', '.999'))
  .map(([whole, fraction]) => `${whole}${fraction}`)

test('what was read as a duration is written so that the same is read again', () => {
  fc.assert(
    fc.property(decimals, fc.constantFrom('us', 'ms', 's', 'm', 'h'), (amount, unit) => {
      const parsed = parseDuration(amount + unit)
      assert.ok('value' in parsed)
      assert.deepEqual(parseDuration(formatDuration(parsed.value)), parsed)
    }),
    { seed: 2, numRuns: 2_000 },
  )
})

test('a duration in milliseconds or more with three decimals is whole microseconds', () => {
  fc.assert(
    fc.property(decimals, fc.constantFrom('ms', 's', 'm', 'h'), (amount, unit) => {
      const parsed = parseDuration(amount + unit)
      assert.ok(
        'value' in parsed && Number.isInteger(parsed.value),
        `${amount}${unit}: ${JSON.stringify(parsed)}`,
      )
    }),
    { seed: 3, numRuns: 2_000 },
  )
})

test('what was read as a rate is written so that the same is read again', () => {
  fc.assert(
    fc.property(decimals, fc.constantFrom('s', 'm', 'h'), (amount, unit) => {
      fc.pre(Number(amount) > 0)
      const parsed = parseRate(`${amount}/${unit}`)
      assert.ok('value' in parsed)
      assert.deepEqual(parseRate(formatRate(parsed.value)), parsed)
    }),
    { seed: 4, numRuns: 2_000 },
  )
  assert.equal(formatRate(2), '2/s')
  assert.equal(formatRate(1), '1/s')
  assert.equal(formatRate(0.5), '30/m')
})

test('no text makes a reader throw or read something that is not a number of its range', () => {
  fc.assert(
    fc.property(fc.string(), text => {
      for (const parsed of [parseDuration(text), parseRate(text), parseSize(text), parseCount(text, 0)]) {
        if ('value' in parsed) assert.ok(Number.isFinite(parsed.value) && parsed.value >= 0)
        else assert.ok(parsed.problem.startsWith(`"${text}" is`))
      }
    }),
    { seed: 5, numRuns: 2_000 },
  )
})
