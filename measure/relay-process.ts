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

runProcess<RelayJob>('relay', async job => {
  const clock = clockFrom(job.origin)
  const relay = await Relay.open({
    link: job.link,
    target: new URL(job.target),
    origin: job.origin,
    random: randomFor(job.seed, 'link', job.index),
  })
  const meter = new LoadMeter()
  const alarms = new Alarms(clock)
  let counted: { added: EncodedHistogram; idleCuts: number } | undefined

  const closeWindow = (): void => {
    meter.stop()
    counted ??= { added: relay.added.encode(), idleCuts: relay.idleCuts }
  }

  return {
    async boot() {
      answer({ type: 'listening', url: relay.url.href })
    },
    start({ window, drainUntil }) {
      alarms.at(window.from, () => {
        relay.startCount()
        meter.start()
      })
      alarms.at(window.to, closeWindow)
      alarms.at(drainUntil, () => relay.letGo())
    },
    cut({ drainUntil }) {
      closeWindow()
      alarms.clear()
      alarms.at(drainUntil, () => relay.letGo())
    },
    blackhole: until => relay.blackhole(until),
    finish() {
      alarms.clear()
      closeWindow()
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
