import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SettingValue } from '../../model/settings.ts'
import {
  choice,
  defaults,
  duration,
  named,
  type Setting,
  size,
  text,
  toggle,
  whole,
} from '../../model/settings.ts'
import { milliseconds, seconds } from '../../model/units.ts'

const settings = {
  interval: duration('1s', 'time between requests', '5ms'),
  buffer: size(128, 'bytes kept'),
  depth: whole(3, 1, 'how deep'),
  compression: toggle(false, 'whether'),
  flush: choice(['immediate', 'coalesced'], 'when'),
  path: text('/events', /^\/\w*$/, 'a path like /events', 'where'),
}

test('every setting stands at its fallback unless it is set', () => {
  assert.deepEqual(defaults(settings), {
    interval: 1_000_000,
    buffer: 128,
    depth: 3,
    compression: false,
    flush: 'immediate',
    path: '/events',
  })
})

test('results carry settings under names that hold their units', () => {
  assert.deepEqual(named(settings, defaults(settings)), {
    intervalMicros: 1_000_000,
    bufferBytes: 128,
    depth: 3,
    compression: false,
    flush: 'immediate',
    path: '/events',
  })
})

test('a value without a declaration keeps its name', () => {
  assert.deepEqual(named({}, { other: 1 }), { other: 1 })
})

for (const [name, text, value] of [
  ['interval', '20ms', milliseconds(20)],
  ['interval', '5ms', milliseconds(5)],
  ['buffer', '64KiB', 65_536],
  ['depth', '1', 1],
  ['compression', 'on', true],
  ['compression', 'off', false],
  ['flush', 'coalesced', 'coalesced'],
  ['path', '/other', '/other'],
] as const) {
  test(`${name} reads ${text}`, () => assert.deepEqual(settings[name].parse(text), { value }))
}

for (const [name, text, problem] of [
  ['interval', '4ms', '"4ms" is too small: give at least 5ms'],
  ['interval', 'soon', '"soon" is not a duration: write it like 500ms, 30s or 2m'],
  ['buffer', 'big', '"big" is not a size: write it like 128, 64KiB or 1MB'],
  ['depth', '0', '"0" is not a whole number of at least 1'],
  ['compression', 'true', '"true" is neither on nor off'],
  ['compression', '', '"" is neither on nor off'],
  ['flush', 'later', '"later" is not one of immediate, coalesced'],
  ['path', 'events', '"events" is not a path like /events'],
] as const) {
  test(`${name} refuses ${JSON.stringify(text)} with a sentence`, () => {
    assert.deepEqual(settings[name].parse(text), { problem })
  })
}

test('what a setting writes of its fallback it reads back', () => {
  for (const [name, setting] of Object.entries(settings)) {
    const { fallback, format, parse } = setting as Setting<SettingValue>
    assert.deepEqual(parse(format(fallback)), { value: fallback }, name)
  }
})

test('a duration of which fallback or minimum cannot be read throws, because it is a programming error', () => {
  assert.throws(() => duration('1', 'without a unit'), /is not a duration/)
  assert.throws(() => duration('1s', 'with a wrong minimum', 'x'), /is not a duration/)
  assert.equal(duration('2s', 'fine').fallback, seconds(2))
})
