/**
 * The entry of a client process: one client process of the fleet.
 */

import type { ClientTechnique } from '../../model/technique.ts'
import { after, type Micros, milliseconds, toMilliseconds } from '../../model/units.ts'
import { answer, runProcess } from '../messages/child-process.ts'
import { type AdapterRef, type ClientJob, linger, type Start } from '../messages/job.ts'
import { LoadMeter } from '../messages/process-load.ts'
import type { ClientTotals } from '../messages/report.ts'
import { SocketMeter } from '../messages/socket-meter.ts'
import { binWidth } from '../messages/timeline.ts'
import { Alarms } from '../time/alarms.ts'
import { Fleet } from './fleet.ts'

/** How often a client process looks whether every event has come. */
const drainCheck = milliseconds(20)

runProcess<ClientJob>('client', async job => {
  const technique = await loadClient(job.adapter)
  const meter = new LoadMeter()
  const sockets = job.countsBytes && new SocketMeter('client')
  const fleet = new Fleet(job, technique)
  let start: Start | undefined
  let finished = false
  let atOpen: ClientTotals | null = null
  let atClose: ClientTotals | null = null
  const alarms = new Alarms(fleet.clock)
  const reportProgress = (): void => {
    fleet.recorder.tick()
    answer({
      type: 'progress',
      connected: fleet.recorder.connected,
      received: fleet.recorder.received,
      affected: fleet.recorder.reconnects.affected,
      at: fleet.clock(),
    })
  }
  const progress = setInterval(reportProgress, toMilliseconds(binWidth))

  const totals = (): ClientTotals => ({
    ...(sockets ? sockets.bytes() : { toServer: null, toClients: null }),
    received: fleet.recorder.received,
  })
  const finish = (): void => {
    if (finished) return
    finished = true
    alarms.clear()
    clearInterval(progress)
    const { clockError } = fleet
    answer({
      type: 'report',
      report: {
        role: 'client',
        counts: fleet.counts(),
        clockError,
        load: meter.settle(),
        atOpen,
        atClose,
      },
    })
  }
  const drain = (): void => {
    if (start === undefined || fleet.clock() >= (start.heldUntil ?? start.drainUntil)) finish()
    else if (fleet.recorder.complete) alarms.at(after(fleet.clock(), linger), finish)
    else alarms.at(after(fleet.clock(), drainCheck), drain)
  }
  const closeWindow = (late: Micros): void => {
    atClose ??= totals()
    meter.stop(late)
    drain()
  }

  return {
    async boot() {
      answer({ type: 'ready' })
    },
    async ramp({ clients }) {
      await fleet.connect(clients)
      // Report now: otherwise the parent would show too few clients until the next report is due.
      reportProgress()
      answer({ type: 'ramped', connected: fleet.recorder.connected })
    },
    start({ start: instants }) {
      start = instants
      fleet.open(instants)
      alarms.at(instants.window.from, late => {
        fleet.recorder.tick()
        atOpen = totals()
        meter.start(late)
      })
      alarms.at(instants.window.to, closeWindow)
    },
    stall({ share, until }) {
      fleet.stall(share)
      alarms.at(until, () => fleet.readAgain())
    },
    cut({ start: instants }) {
      fleet.readAgain()
      start = instants
      fleet.open(instants)
      alarms.at(instants.window.to, closeWindow)
    },
    finish,
    async close() {
      clearInterval(progress)
      await fleet.close()
      sockets?.close()
    },
  }
})

async function loadClient({ module, technique }: AdapterRef): Promise<ClientTechnique> {
  const { clients } = (await import(module)) as { clients: Record<string, ClientTechnique> }
  const adapter = clients[technique]
  if (adapter === undefined) throw new Error(`${module} has no client adapter "${technique}"`)
  return adapter
}
