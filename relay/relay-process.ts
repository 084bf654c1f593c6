/**
 * The entry point of a relay process: models the link between clients and one server, and measures its own cost.
 */

import { answer, runProcess } from '../measure/messages/child-process.ts'
import type { RelayJob } from '../measure/messages/job.ts'
import { LoadMeter } from '../measure/messages/process-load.ts'
import { Alarms } from '../measure/time/alarms.ts'
import { clockFrom } from '../model/clock.ts'
import { randomFor } from '../model/random.ts'
import { zero } from '../model/settings.ts'
import type { Micros } from '../model/units.ts'
import type { EncodedHistogram } from '../results/histogram.ts'
import { Relay } from './relay.ts'

runProcess<RelayJob>('relay', async job => {
  const clock = clockFrom(job.origin)
  const alarms = new Alarms(clock)
  const relay = await Relay.open({
    link: job.link,
    target: new URL(job.target),
    origin: job.origin,
    random: randomFor(job.seed, 'link', job.index),
  })
  const meter = new LoadMeter()
  let counted: { added: EncodedHistogram; idleCuts: number } | undefined

  const closeWindow = (late: Micros): void => {
    meter.stop(late)
    counted ??= { added: relay.added.encode(), idleCuts: relay.idleCuts }
  }

  return {
    async boot() {
      answer({ type: 'listening', url: relay.url.href, at: clock() })
    },
    start({ start: { window, drainUntil } }) {
      alarms.at(window.from, late => {
        relay.startCount()
        meter.start(late)
      })
      alarms.at(window.to, closeWindow)
      alarms.at(drainUntil, () => relay.letGo())
    },
    cut({ start: { window, drainUntil } }) {
      alarms.clear()
      alarms.at(window.to, closeWindow)
      alarms.at(drainUntil, () => relay.letGo())
    },
    blackhole: ({ until }) => relay.blackhole(until),
    finish() {
      alarms.clear()
      closeWindow(zero)
      if (counted !== undefined) {
        const { idleCutsInAll } = relay
        answer({
          type: 'report',
          report: { role: 'relay', ...counted, idleCutsInAll, load: meter.settle() },
        })
      }
    },
    async close() {
      alarms.clear()
      await relay.close()
    },
  }
})
