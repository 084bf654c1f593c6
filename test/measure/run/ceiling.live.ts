/** The ceiling of a server that answers at the instants of a grid, one request at a time. */
import assert from 'node:assert/strict'
import { settingsOf } from '../../../measure/messages/run-plan.ts'
import { measureCeiling } from '../../../measure/run/ceiling.ts'
import { milliseconds, seconds } from '../../../model/units.ts'
import { live } from '../../live.ts'
import { planOf } from '../plan.ts'
import { serialPair } from '../serial-server.ts'

for (const [eachMs, expected] of [
  [5, 200],
  [2.5, 400],
] as const) {
  live<number>(
    `a server that answers one request every ${eachMs} ms has a ceiling of ${expected} requests a second`,
    {
      async property(each = eachMs) {
        const plan = { ...planOf(serialPair, {}, { each: milliseconds(each) }), ceiling: seconds(1) }
        const outcome = await measureCeiling({ plan, settings: settingsOf(plan), failures: [] }, {})
        assert.ok(outcome !== null && 'ceiling' in outcome, JSON.stringify(outcome))
        const { requestsPerSecond, boundBy } = outcome.ceiling
        assert.ok(
          Math.abs(requestsPerSecond - expected) < 0.03 * expected,
          `${requestsPerSecond} requests/s, expected ${expected}`,
        )
        // It waits for its grid most of the time: neither side is at its limit.
        assert.equal(boundBy, 'unclear')
      },
      planted: { fault: 1.1 * eachMs, is: 'a grid that is a tenth wider', shows: /requests\/s/ },
    },
  )
}
