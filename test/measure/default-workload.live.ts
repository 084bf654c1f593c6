/**
 * What a run without flags measures needs no excuse: the empty ratio of every technique that has a closed form lies
 * within 4 standard errors of it. The errors are those over rooms, whose clients share events.
 */
import assert from 'node:assert/strict'
import { measureOnce } from '../../measure/run/run.ts'
import { planRuns, techniques } from '../../plan/plan.ts'
import { servers } from '../../servers/index.ts'
import { pairWith, type ServerFault } from '../faulty.ts'
import { live } from '../live.ts'

/** Their empty responses show in a window of seconds; those of long polling need a silence as long as its hold. */
const pulling = techniques.filter(technique => servers[technique].family === 'pull')

function planOf(technique: (typeof techniques)[number]) {
  const [plan] = planRuns({ technique: [technique], ceiling: false })
  assert.ok(plan)
  return plan
}

for (const technique of pulling) {
  live<ServerFault>(`${technique} without flags has the empty ratio that theory says`, {
    async property(fault) {
      const measurement = await measureOnce({ ...planOf(technique), pair: pairWith(technique, fault) })
      const { emptyRatio: measured, emptyRatioError: error } = measurement?.responses ?? {}
      const predicted = measurement?.predicted?.emptyRatio
      assert.ok(measured != null && error != null && predicted != null)
      assert.ok(
        Math.abs(measured - predicted) <= 4 * error,
        `empty ratio ${measured}, predicted ${predicted}, standard error over rooms ${error}`,
      )
      assert.deepEqual(measurement?.failures, [])
      const codes = measurement?.warnings.map(({ code }) => code) ?? []
      for (const code of ['few-draws', 'few-samples'] as const) assert.ok(!codes.includes(code), code)
    },
    planted: { fault: { loses: 3 }, is: 'a server that loses every third event', shows: /^empty ratio/ },
  })
}
