/**
 * The entry of a client process: one shard of the fleet.
 */
import { Fleet } from './fleet.ts'
import type { HalfRef, ShardJob, Start } from './job.ts'
import { LoadMeter } from './load.ts'
import { answer, runProcess } from './process.ts'
import type { ClientTechnique } from './technique.ts'
import { binWidth } from './timeline.ts'
import { elapsed, type Instant, toMilliseconds } from './units.ts'

/** How often a shard looks whether every event has come. */
const drainCheckMs = 20
/** Once every event has come, a shard listens on for so long: an event that comes twice comes late. */
const lingerMs = 200

runProcess<ShardJob>('shard', async job => {
  const technique = await loadClient(job.half)
  const meter = new LoadMeter()
  const fleet = new Fleet(job, technique)
  let start: Start | undefined
  let finished = false
  const timers = new Set<NodeJS.Timeout>()
  const at = (instant: Instant, act: () => void): void => {
    timers.add(setTimeout(act, Math.max(0, toMilliseconds(elapsed(fleet.clock(), instant)))))
  }
  const progress = setInterval(() => {
    fleet.recorder.tick()
    answer({ type: 'progress', connected: fleet.recorder.connected, received: fleet.recorder.received })
  }, toMilliseconds(binWidth))

  const finish = (): void => {
    if (finished) return
    finished = true
    for (const timer of timers) clearTimeout(timer)
    clearInterval(progress)
    answer({ type: 'report', report: { role: 'shard', counts: fleet.counts(), load: meter.settle() } })
  }
  const drain = (): void => {
    if (start === undefined || fleet.clock() >= start.drainUntil) finish()
    else if (fleet.recorder.complete) timers.add(setTimeout(finish, lingerMs))
    else timers.add(setTimeout(drain, drainCheckMs))
  }
  const closeWindow = (): void => {
    meter.stop()
    drain()
  }

  return {
    async boot() {
      await fleet.connect()
      answer({ type: 'ramped', connected: fleet.recorder.connected })
    },
    start(instants) {
      start = instants
      fleet.open(instants)
      at(instants.window.from, () => {
        fleet.recorder.tick()
        meter.start()
      })
      at(instants.window.to, closeWindow)
    },
    cut(instants) {
      start = instants
      fleet.open(instants)
      closeWindow()
    },
    finish,
    async close() {
      clearInterval(progress)
      await fleet.close()
    },
  }
})

async function loadClient({ module, technique }: HalfRef): Promise<ClientTechnique> {
  const { clients } = (await import(module)) as { clients: Record<string, ClientTechnique> }
  const half = clients[technique]
  if (half === undefined) throw new Error(`${module} has no client half "${technique}"`)
  return half
}
