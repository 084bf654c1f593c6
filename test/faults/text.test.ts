import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { faultNames, faults } from '../../faults/index.ts'
import { type AskedFault, formatFault, parseFault, plannedFault, usualAt } from '../../faults/text.ts'
import { micros, milliseconds, seconds } from '../../model/units.ts'

const readings: readonly (readonly [text: string, fault: AskedFault])[] = [
  ['restart', { name: 'restart', at: usualAt, values: {} }],
  ['restart:down=5s', { name: 'restart', at: usualAt, values: { down: seconds(5) } }],
  ['drop:at=0:share=0.5', { name: 'drop', at: { from: micros(0), to: micros(0) }, values: { share: 0.5 } }],
  [
    'blackhole:at=2s..4500ms:down=10s',
    {
      name: 'blackhole',
      at: { from: seconds(2), to: milliseconds(4_500) },
      values: { down: seconds(10) },
    },
  ],
]

for (const [text, fault] of readings) {
  test(`${text} is read, and written as it was`, () => {
    assert.deepEqual(parseFault(text), { value: fault })
    assert.equal(formatFault(fault), text)
  })
}

const problems: readonly (readonly [text: string, problem: string])[] = [
  ['restrat', 'unknown fault "restrat": did you mean "restart"?'],
  ['toString', `unknown fault "toString": choose from ${faultNames.join(', ')}`],
  ['', `unknown fault "": choose from ${faultNames.join(', ')}`],
  ['restart:down=1s:down=2s', 'fault restart sets down twice: give it once'],
  ['restart:at=1s:at=2s', 'fault restart sets at twice: give it once'],
  ['restart:', 'fault restart does not understand "": it takes at=, down='],
  ['restart:down', 'fault restart does not understand "down": it takes at=, down='],
  ['restart:up=1s', 'fault restart does not understand "up=1s": it takes at=, down='],
  ['restart:constructor=1', 'fault restart does not understand "constructor=1": it takes at=, down='],
  ['restart:__proto__=1', 'fault restart does not understand "__proto__=1": it takes at=, down='],
  ['restart:down=', 'down of fault restart: "" is no duration: write it like 500ms, 30s or 2m'],
  ['restart:at=soon', 'at of fault restart: "soon" is no duration: write it like 500ms, 30s or 2m'],
  [
    'restart:at=2s..1s',
    'at of fault restart: "2s..1s" ends before it begins: write the earlier moment first',
  ],
]

for (const [text, problem] of problems) {
  test(`"${text}" is refused in one sentence`, () => {
    assert.deepEqual(parseFault(text), { problem })
  })
}

for (const [name, fault] of Object.entries(faults)) {
  test(`${name} has a summary, and defaults that are read back as they are written`, () => {
    assert.ok(fault.summary.length > 0)
    for (const setting of Object.values(fault.settings))
      assert.deepEqual(setting.parse(setting.format(setting.fallback as never)), { value: setting.fallback })
  })
}

const duration = fc.nat(7_200_000_000).map(micros)
const moment = fc.tuple(duration, duration).map(([one, other]) => ({
  from: micros(Math.min(one, other)),
  to: micros(Math.max(one, other)),
}))
const asked: fc.Arbitrary<AskedFault> = fc.oneof(
  fc.record({
    name: fc.constantFrom('restart', 'freeze', 'blackhole'),
    at: moment,
    values: fc.oneof(fc.constant({}), fc.record({ down: duration })),
  }),
  fc.record({
    name: fc.constant('drop'),
    at: moment,
    values: fc.record({ share: fc.integer({ min: 1, max: 1_000 }).map(mille => mille / 1_000) }),
  }),
  fc.record({
    name: fc.constant('deploy'),
    at: moment,
    values: fc.record({ over: duration, retry: duration }),
  }),
)

test('whatever is asked for, its text is read as the same fault', () => {
  fc.assert(
    fc.property(asked, fault => {
      const parsed = parseFault(formatFault(fault))
      assert.ok('value' in parsed, 'problem' in parsed ? parsed.problem : '')
      const never = (): number => 0
      assert.deepEqual(plannedFault(parsed.value, never), plannedFault(fault, never))
    }),
  )
})

test('the moment is drawn between its two ends, in whole microseconds', () => {
  fc.assert(
    fc.property(moment, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (at, draw) => {
      const { at: drawn } = plannedFault({ name: 'drop', at, values: {} }, () => draw)
      assert.ok(Number.isInteger(drawn) && drawn >= at.from && drawn <= at.to)
    }),
  )
})
