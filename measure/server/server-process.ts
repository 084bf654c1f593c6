/**
 * The entry of a server process: one server adapter with its publisher, and the meters around it.
 */

import { channel } from 'node:diagnostics_channel'
import { clockFrom } from '../../model/clock.ts'
import type { PushEvent } from '../../model/event.ts'
import { payloadMaker } from '../../model/payload.ts'
import { randomFor } from '../../model/random.ts'
import { dueEvents } from '../../model/schedule.ts'
import { checkedServer, serverAdapterIn } from '../../model/server-module.ts'
import { zero } from '../../model/settings.ts'
import { after, elapsed, type Instant, type Micros, micros } from '../../model/units.ts'
import { answer, runProcess } from '../messages/child-process.ts'
import type { ServerJob, Start } from '../messages/job.ts'
import { LoadMeter } from '../messages/process-load.ts'
import type { ServerTotals } from '../messages/report.ts'
import { noServerCounts } from '../messages/server-counts.ts'
import { SocketMeter } from '../messages/socket-meter.ts'
import { binWidth } from '../messages/timeline.ts'
import { Alarms } from '../time/alarms.ts'
import { ArrivalCounter } from './arrival-counter.ts'
import { PolledBackend } from './polled-backend.ts'
import { Publisher } from './publisher.ts'
import { RequestMeter } from './request-meter.ts'
import { CountingObserver } from './server-observer.ts'
import { TimelineReadings } from './server-timeline.ts'

runProcess<ServerJob>('server', async job => {
  const clock = clockFrom(job.origin)
  const storms = job.faultDue !== undefined
  const arrivals = new ArrivalCounter(clock, job.faultDue)
  const counts = { ...noServerCounts }
  const onRequest = (): void => {
    counts.requests++
    if (storms) arrivals.request()
  }
  channel('http.server.request.start').subscribe(onRequest)
  // Where connections wait for their turn, the server adapter says when they are taken; their sockets, when they came.
  const countsSockets = storms && job.acceptRate === undefined
  const sockets = new SocketMeter('server', countsSockets ? () => arrivals.accepted() : undefined)
  const requests = job.marks && new RequestMeter(job.marks)
  const observer = new CountingObserver(
    { singly: job.schedule.arrivals === 'pulses', skipsFirstGap: job.skipsFirstGap === true },
    clock,
    counts,
    arrivals,
  )
  const technique = serverAdapterIn(await import(job.adapter.module), job.adapter.technique)
  const { logEvents, delivery, backendPoll, acceptRate, beginsAnywhere } = job
  const server = checkedServer(
    technique.create(
      {
        clock,
        logEvents,
        delivery,
        observer,
        ...(acceptRate === undefined ? {} : { acceptRate }),
        ...(beginsAnywhere && { beginsAnywhere }),
      },
      job.settings,
    ),
  )
  const hand = (stream: number, event: PushEvent): void => {
    observer.pulses?.published(event.seq)
    server.publish(stream, event)
  }
  const backend =
    backendPoll > 0 ? new PolledBackend(backendPoll, hand, () => counts.backendPolls++) : undefined
  const publisher = new Publisher({
    origin: job.origin,
    clock,
    payload: payloadMaker(job.schedule.seed, job.payloadBytes),
    countedStreams: new Set(job.countedStreams),
    publish: backend?.store.bind(backend) ?? hand,
  })
  // The baseline of memory: everything that does not depend on clients is allocated by now.
  await publisher.ready()
  const meter = new LoadMeter()
  const timeline = new TimelineReadings(() => {
    const { toServer, toClients } = sockets.bytes()
    return toServer + toClients
  })
  const alarms = new Alarms(clock)
  let start: Start | undefined
  let atOpen: ServerTotals | null = null
  let atClose: ServerTotals | null = null

  const totals = ({ window }: Start): ServerTotals => {
    const readAt = clock()
    const passed = sockets.bytes()
    timeline.note(elapsed(window.from, readAt), passed.toServer + passed.toClients)
    return { readAt, ...passed, ...counts }
  }
  const sampleBin = (): void => {
    if (start === undefined) return
    const now = clock()
    const at = elapsed(start.window.from, now)
    timeline.edge(at, counts.requests)
    alarms.at(after(now, micros(binWidth - mod(at, binWidth))), sampleBin)
  }
  // Where only the newest event is kept, the last events of the window must be overtaken like those before them.
  const publishUntil = ({ window, drainUntil }: Start): Instant =>
    delivery === 'last-value' ? drainUntil : window.to
  const closeWindow = (late: Micros): void => {
    // The CPU time first: iterating over the sockets is not work of the server.
    meter.stop(late)
    if (start !== undefined) atClose ??= totals(start)
    requests?.close()
  }

  const open = (instants: Start): void => {
    start = instants
    const { startAt, window } = instants
    observer.window = window
    const due = dueEvents(job.schedule, job.streams, elapsed(startAt, publishUntil(instants)))
    publisher.start(due, startAt, window.from, window.to)
    alarms.at(startAt, sampleBin)
    alarms.at(window.from, late => {
      atOpen = totals(instants)
      requests?.open()
      // A server that takes the place of another begins within the window: that is not late.
      meter.start(job.rebuild === undefined ? late : zero)
    })
    alarms.at(window.to, closeWindow)
    arrivals.open(window.from)
  }

  return {
    async boot() {
      // The log is whole before the first client can ask for what it missed.
      if (job.rebuild !== undefined) {
        const { start, listenAt } = job.rebuild
        await new Promise<void>(resolve => alarms.at(listenAt, () => resolve()))
        open(start)
        publisher.rebuild()
      }
      const url = await server.listen(job.address)
      const at = clock()
      requests?.events(url)
      answer({ type: 'listening', url: url.href, at })
    },
    start: ({ start }) => open(start),
    halt: ({ at }) => answer({ type: 'halted', at: publisher.stopAt(at) }),
    cut({ start: instants }) {
      start = instants
      observer.window = instants.window
      publisher.stopAt(publishUntil(instants), instants.window.to)
      alarms.at(instants.window.to, closeWindow)
    },
    finish({ abruptly = false }) {
      alarms.clear()
      if (abruptly) publisher.stop()
      if (abruptly && start !== undefined) closeWindow(zero)
      answer({
        type: 'report',
        report: {
          role: 'server',
          published: publisher.published,
          lag: publisher.lag.encode(),
          wait: observer.wait.encode(),
          rearm: observer.rearm.encode(),
          atOpen,
          atClose,
          ...(requests && { requests: requests.read() }),
          load: meter.settle(...(abruptly ? [process.memoryUsage.rss()] : [])),
          timeline,
          arrivals: arrivals.windows(),
          pulses: observer.pulses?.services() ?? [],
          peakRssBytes: process.resourceUsage().maxRSS * 1_024,
        },
      })
    },
    reset({ share }) {
      const random = randomFor(job.schedule.seed, 'reset', 0)
      for (const socket of sockets.open) if (random() < share) socket.resetAndDestroy()
    },
    async drain({ over, retryAfter }) {
      if (server.drain === undefined) throw new Error('this server cannot drain')
      await server.drain(over, retryAfter)
      answer({ type: 'drained' })
    },
    async close() {
      alarms.clear()
      await publisher.close()
      backend?.close()
      await server.close()
      sockets.close()
      channel('http.server.request.start').unsubscribe(onRequest)
      requests?.close()
    },
  }
})

/** The remainder that is never negative. */
const mod = (value: number, by: number): number => ((value % by) + by) % by
