import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { faults } from '../../faults/index.ts'
import { type AskedFault, formatFault, parseFault, plannedFault } from '../../faults/text.ts'
import { formatDuration } from '../../model/quantity.ts'
import { micros, seconds } from '../../model/units.ts'

const readings: readonly (readonly [text: string, fault: AskedFault])[] = [
  ['restart', { name: 'restart', values: {} }],
  ['restart:down=5s', { name: 'restart', values: { down: seconds(5) } }],
  ['drop:at=0:share=0.5', { name: 'drop', values: { at: '0', share: 0.5 } }],
  [
    'blackhole:at=2s..4500ms:down=10s',
    { name: 'blackhole', values: { at: '2s..4500ms', down: seconds(10) } },
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
  ['toString', `unknown fault "toString": choose from ${Object.keys(faults).join(', ')}`],
  ['', `unknown fault "": choose from ${Object.keys(faults).join(', ')}`],
  ['restart:down=1s:down=2s', 'fault restart sets down twice: give it once'],
  ['restart:at=1s:at=2s', 'fault restart sets at twice: give it once'],
  ['restart:', 'fault restart has no parameter "": it has at, down'],
  ['restart:down', 'down of fault restart has no value: write it like down=2s'],
  ['restart:up=1s', 'fault restart has no parameter "up": it has at, down'],
  ['restart:constructor=1', 'fault restart has no parameter "constructor": it has at, down'],
  ['restart:__proto__=1', 'fault restart has no parameter "__proto__": it has at, down'],
  ['restart:down=', 'down of fault restart: "" is not a duration: write it like 500ms, 30s or 2m'],
  ['restart:at=soon', 'at of fault restart: "soon" is not a duration: write it like 500ms, 30s or 2m'],
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
const at = moment.map(({ from, to }) =>
  from === to ? formatDuration(from) : `${formatDuration(from)}..${formatDuration(to)}`,
)
const asked: fc.Arbitrary<AskedFault> = fc.oneof(
  fc.record({
    name: fc.constantFrom('restart', 'freeze', 'blackhole'),
    values: fc.oneof(fc.constant({}), fc.record({ at, down: duration })),
  }),
  fc.record({
    name: fc.constant('drop'),
    values: fc.record({ at, share: fc.integer({ min: 1, max: 1_000 }).map(mille => mille / 1_000) }),
  }),
  fc.record({
    name: fc.constant('deploy'),
    values: fc.record({ at, over: duration, retry: duration }),
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
    fc.property(
      moment,
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      ({ from, to }, draw) => {
        const values = { at: `${from}us..${to}us` }
        const { at: drawn } = plannedFault({ name: 'drop', values }, () => draw)
        assert.ok(Number.isInteger(drawn) && drawn >= from && drawn <= to)
      },
    ),
  )
})
