/** What others take of this machine during a run: nothing where it is quiet, a core where a planted process burns one. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { seconds } from '../../../model/units.ts'
import { live } from '../../live.ts'
import { builtIn, measured, planOf } from '../plan.ts'

/** A process that takes a core for ten seconds and descends from init: what this one starts is part of the run. */
function startBurner(): number {
  const code = 'const end = Date.now() + 10_000; while (Date.now() < end);'
  const line = '"$1" -e "$2" > /dev/null 2>&1 & echo $!'
  const { stdout } = spawnSync('sh', ['-c', line, 'sh', process.execPath, code], { encoding: 'utf8' })
  return Number(stdout)
}

live<number>('a run takes no CPU time from itself', {
  async property(burners = 0) {
    const pids = Array.from({ length: burners }, startBurner)
    try {
      const { otherCpuShare, warnings } = await measured(
        planOf(builtIn('long-polling'), { clients: 50, ratePerSecond: 50, duration: seconds(3) }),
      )
      assert.ok(otherCpuShare != null)
      const warned = warnings.some(({ code }) => code === 'busy-machine')
      const seen = `${(otherCpuShare * 100).toFixed(0)} % to others${warned ? ', with a warning' : ''}`
      assert.ok(otherCpuShare < 0.05 && !warned, seen)
    } finally {
      for (const pid of pids) process.kill(pid, 'SIGKILL')
    }
  },
  // On two cores. Whatever else runs adds to it, or takes from the planted process what it adds.
  planted: { fault: 1, is: 'a process that takes a core', shows: /^[3-9]\d % to others, with a warning/ },
})
