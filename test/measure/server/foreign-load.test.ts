/** What other processes cost: compared with what this one knows of itself. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { ForeignLoadMeter, reportsLoad } from '../../../measure/server/foreign-load.ts'

/** Two readings in ticks of 10 ms, each cut off. */
const resolution = 0.03

function burn(cpuMicros: number): void {
  const from = process.cpuUsage()
  const spent = (): number => {
    const { user, system } = process.cpuUsage(from)
    return user + system
  }
  while (spent() < cpuMicros) Math.sqrt(Math.random())
}

test('the CPU time of a process is the one that it knows of itself', () => {
  const meter = new ForeignLoadMeter([process.pid])
  const before = process.cpuUsage()
  meter.start()
  burn(200_000)
  meter.stop()
  const { user, system } = process.cpuUsage(before)
  const own = (user + system) / 1_000_000
  const reported = meter.load?.cpuSeconds ?? 0
  assert.ok(Math.abs(reported - own) < resolution, `${reported} s, by its own account ${own} s`)
  assert.equal(meter.load?.utilization, null)
})

test('several processes are added up', async t => {
  const child = spawn('sleep', ['60'], { stdio: 'ignore' })
  t.after(() => child.kill())
  await once(child, 'spawn')
  const both = new ForeignLoadMeter([process.pid, child.pid ?? 0])
  const alone = new ForeignLoadMeter([child.pid ?? 0])
  for (const meter of [both, alone]) {
    meter.start()
    meter.stop()
  }
  assert.ok((alone.load?.rssBytes ?? 0) > 0)
  assert.ok((both.load?.rssBytes ?? 0) > (alone.load?.rssBytes ?? 0))
})

test('nothing is said of no process, of one that is not there, and of a sum with such a one', () => {
  assert.equal(reportsLoad(process.pid), true)
  assert.equal(reportsLoad(4_194_305), false)
  for (const pids of [[], [4_194_305], [process.pid, 4_194_305]]) {
    const meter = new ForeignLoadMeter(pids)
    meter.start()
    meter.stop()
    assert.equal(meter.load, null)
  }
})
