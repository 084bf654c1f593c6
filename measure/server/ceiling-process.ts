/**
 * The entry of a process that asks as fast as it is answered: autocannon on a fixed number of connections. Its
 * answers are counted, its latencies never used: its correction for a fixed rate mixes milliseconds and seconds.
 */
import autocannon, { type Instance } from 'autocannon'
import { clockFrom } from '../../model/clock.ts'
import { elapsed, toMilliseconds } from '../../model/units.ts'
import { answer, runProcess } from '../messages/child-process.ts'
import type { CeilingJob, Start } from '../messages/job.ts'
import { LoadMeter } from '../messages/process-load.ts'
import { Alarms } from '../time/alarms.ts'

/** How often autocannon looks whether it is to stop. */
const sampleMs = 50
/** It exits this long after its window if no command ends it. */
const graceSeconds = 3

runProcess<CeilingJob>('ceiling', async job => {
  const clock = clockFrom(job.origin)
  const alarms = new Alarms(clock)
  const meter = new LoadMeter()
  const statuses: Record<number, number> = {}
  let answered = 0
  let errors = 0
  let error = ''
  let atOpen: number | null = null
  let atClose: number | null = null
  let cannon: Instance | undefined
  let closing = false

  const report = (): void => {
    alarms.clear()
    if (closing) return
    answer({
      type: 'report',
      report: {
        role: 'ceiling',
        answered: atOpen === null || atClose === null ? null : atClose - atOpen,
        statuses,
        errors,
        error,
        load: meter.settle(),
      },
    })
  }

  const fire = ({ startAt, window }: Start): void => {
    const { method, path, headers, body } = job.request
    cannon = autocannon(
      {
        url: new URL(path, job.url).href,
        method,
        headers: Object.fromEntries(
          headers.flatMap((name, at) => (at % 2 === 0 ? [[name, headers[at + 1] ?? '']] : [])),
        ),
        ...(body === undefined ? {} : { body }),
        connections: job.connections,
        pipelining: 1,
        duration: toMilliseconds(elapsed(startAt, window.to)) / 1_000 + graceSeconds,
        sampleInt: sampleMs,
        // Else one answer that does not come would leave its connection waiting for longer than the window.
        timeout: graceSeconds,
      },
      (failure: Error | null) => {
        if (failure) throw failure
        report()
      },
    )
    cannon.on('response', (_, status) => {
      answered++
      statuses[status] = (statuses[status] ?? 0) + 1
    })
    cannon.on('reqError', cause => {
      errors++
      error ||= cause instanceof Error ? cause.message : String(cause)
    })
  }

  return {
    async boot() {
      answer({ type: 'ready' })
    },
    start({ start }) {
      alarms.at(start.startAt, () => fire(start))
      alarms.at(start.window.from, () => {
        atOpen = answered
        meter.start()
      })
      alarms.at(start.window.to, () => {
        atClose = answered
        meter.stop()
        cannon?.stop()
      })
    },
    async close() {
      closing = true
      alarms.clear()
      cannon?.stop()
    },
  }
})
