/**
 * The entry of a relay process: the link between clients and one server, and what it costs.
 */
import { Alarms } from './alarms.ts'
import { clockFrom } from './clock.ts'
import type { EncodedHistogram } from './histogram.ts'
import type { RelayJob } from './job.ts'
import { LoadMeter } from './load.ts'
import { answer, runProcess } from './process.ts'
import { randomFor } from './random.ts'
import { Relay } from './relay.ts'
import { none } from './settings.ts'
import type { Micros } from './units.ts'

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
    start({ window, drainUntil }) {
      alarms.at(window.from, late => {
        relay.startCount()
        meter.start(late)
      })
      alarms.at(window.to, closeWindow)
      alarms.at(drainUntil, () => relay.letGo())
    },
    cut({ window, drainUntil }) {
      alarms.clear()
      alarms.at(window.to, closeWindow)
      alarms.at(drainUntil, () => relay.letGo())
    },
    blackhole: until => relay.blackhole(until),
    finish() {
      alarms.clear()
      closeWindow(none)
      if (counted !== undefined) {
        answer({ type: 'report', report: { role: 'relay', ...counted, load: meter.settle() } })
      }
    },
    async close() {
      alarms.clear()
      await relay.close()
    },
  }
})
