import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { skewOf } from '../../../measure/derive/over-processes.ts'
import { Spread } from '../../../measure/fleet/spread.ts'
import { instant } from '../../../model/units.ts'

const receipts = fc.array(
  fc.record({
    stream: fc.nat(2),
    seq: fc.integer({ min: 1, max: 5 }),
    at: fc.nat(1_000_000),
    clientProcess: fc.nat(2),
  }),
  { minLength: 1, maxLength: 60 },
)

test('the skew of an event is from its first to its last receiver, over all client processes', () => {
  fc.assert(
    fc.property(receipts, list => {
      const inTime = list.toSorted((a, b) => a.at - b.at)
      const processes = [new Spread(), new Spread(), new Spread()]
      for (const { stream, seq, at, clientProcess } of inTime)
        processes[clientProcess]?.receive(stream, seq, instant(at))
      const skew = skewOf(processes.map(clientProcess => clientProcess.parts()))

      const spans = [...Map.groupBy(inTime, ({ stream, seq }) => `${stream}/${seq}`).values()].map(
        same => (same.at(-1)?.at ?? 0) - (same[0]?.at ?? 0),
      )
      assert.equal(skew.count, spans.length)
      assert.equal(skew.summary()?.max, Math.max(...spans))
      assert.equal(skew.summary()?.min, Math.min(...spans))
      assert.equal(skew.mean, spans.reduce((sum, span) => sum + span, 0) / spans.length)
    }),
    { seed: 1, numRuns: 300 },
  )
})

test('where nobody received anything there is no skew', () => {
  assert.equal(skewOf([]).summary(), null)
  assert.equal(skewOf([[], []]).summary(), null)
})
