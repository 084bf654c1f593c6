/**
 * The entry of the process that stands in for a server which already runs: publishes to it by HTTP POST at the
 * instants of the schedule, and reads what its processes cost where they are known.
 */
import { once } from 'node:events'
import { connect } from 'node:net'
import { clockFrom } from '../../model/clock.ts'
import { payloadMaker } from '../../model/payload.ts'
import { dueEvents } from '../../model/schedule.ts'
import { elapsed } from '../../model/units.ts'
import { Histogram } from '../../results/histogram.ts'
import { answer, runProcess } from '../messages/child-process.ts'
import type { Start, TargetJob } from '../messages/job.ts'
import { Alarms } from '../time/alarms.ts'
import { ForeignLoadMeter } from './foreign-load.ts'
import { HttpPublisher } from './http-publisher.ts'
import { Publisher } from './publisher.ts'

runProcess<TargetJob>('target', async job => {
  const clock = clockFrom(job.origin)
  const payload = payloadMaker(job.schedule.seed, job.payloadBytes)
  const httpPublisher = new HttpPublisher(job.publish, job.streams.length, clock, payload)
  const publisher = new Publisher({
    origin: job.origin,
    clock,
    // The HTTP publisher makes the text when its turn comes, because the text holds the instant of sending.
    payload: () => '',
    publish: (stream, { seq, intendedAt }) => httpPublisher.push({ stream, seq, intendedAt }),
  })
  const meter = new ForeignLoadMeter(job.pids)
  const alarms = new Alarms(clock)
  const nothing = new Histogram().encode()

  const open = ({ startAt, window }: Start): void => {
    httpPublisher.countFrom = window.from
    publisher.start(dueEvents(job.schedule, job.streams, elapsed(startAt, window.to)), startAt, window.from)
    alarms.at(window.from, late => meter.start(late))
    alarms.at(window.to, late => meter.stop(late))
  }

  return {
    async boot() {
      for (const url of [job.url, job.publish]) await reach(new URL(url))
      answer({ type: 'listening', url: job.url, at: clock() })
    },
    start: ({ start }) => open(start),
    halt: ({ at }) => answer({ type: 'halted', at: publisher.stopAt(at) }),
    cut({ start: { window } }) {
      publisher.stopAt(window.to)
      alarms.at(window.to, late => meter.stop(late))
    },
    async finish() {
      alarms.clear()
      await httpPublisher.close()
      answer({
        type: 'report',
        report: {
          role: 'server',
          published: publisher.published,
          unpublished: httpPublisher.unpublished,
          lag: httpPublisher.lag.encode(),
          wait: nothing,
          rearm: nothing,
          atOpen: null,
          atClose: null,
          load: meter.load,
          timeline: { requests: [], bytes: [] },
          arrivals: [],
          pulses: [],
          peakRssBytes: null,
        },
      })
    },
    async close() {
      alarms.clear()
      await publisher.close()
      await httpPublisher.close()
    },
  }
})

/** Connects once and closes: a server that does not answer is reported before the clients start. */
async function reach({ protocol, hostname, port, host }: URL): Promise<void> {
  const socket = connect({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port || (protocol === 'https:' ? 443 : 80)),
  })
  try {
    await once(socket, 'connect')
  } catch (error) {
    throw new Error(
      `nothing answers at ${host}: ${error instanceof Error ? error.message : error}; start the server first`,
    )
  } finally {
    socket.destroy()
  }
}
