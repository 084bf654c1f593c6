/**
 * The entry of a relay process: the link between clients and one server, and what it costs.
 */
import { clockFrom } from './clock.ts'
import type { EncodedHistogram } from './histogram.ts'
import type { RelayJob } from './job.ts'
import { LoadMeter } from './load.ts'
import { answer, runProcess } from './process.ts'
import { randomFor } from './random.ts'
import { Relay } from './relay.ts'
import { elapsed, type Instant, toMilliseconds } from './units.ts'

runProcess<RelayJob>('relay', async job => {
  const clock = clockFrom(job.origin)
  const relay = await Relay.open({
    link: job.link,
    target: new URL(job.target),
    origin: job.origin,
    random: randomFor(job.seed, 'link', job.index),
  })
  const meter = new LoadMeter()
  const timers = new Set<NodeJS.Timeout>()
  let counted: { added: EncodedHistogram; idleCuts: number } | undefined

  const at = (instant: Instant, act: () => void): void => {
    timers.add(setTimeout(act, Math.max(0, toMilliseconds(elapsed(clock(), instant)))))
  }
  const closeWindow = (): void => {
    meter.stop()
    counted ??= { added: relay.added.encode(), idleCuts: relay.idleCuts }
  }

  return {
    async boot() {
      answer({ type: 'listening', url: relay.url.href, at: clock() })
    },
    start({ window }) {
      at(window.from, () => {
        relay.startCount()
        meter.start()
      })
      at(window.to, closeWindow)
    },
    cut: closeWindow,
    blackhole: until => relay.blackhole(until),
    finish() {
      for (const timer of timers) clearTimeout(timer)
      closeWindow()
      if (counted !== undefined) {
        answer({ type: 'report', report: { role: 'relay', ...counted, load: meter.settle() } })
      }
    },
    async close() {
      for (const timer of timers) clearTimeout(timer)
      await relay.close()
    },
  }
})
