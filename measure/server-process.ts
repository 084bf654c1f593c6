/**
 * The entry of a server process: one server half with its publisher, and the meters around it.
 */
import { Alarms } from './alarms.ts'
import { clockFrom } from './clock.ts'
import type { PushEvent } from './event.ts'
import { IntakeMeter } from './intake.ts'
import type { ServerJob, ServerTotals, Start } from './job.ts'
import { LoadMeter } from './load.ts'
import { payloadMaker } from './payload.ts'
import { PolledBackend } from './polled-backend.ts'
import { answer, runProcess } from './process.ts'
import { Publisher } from './publisher.ts'
import { randomFor } from './random.ts'
import { RequestMeter } from './request-meter.ts'
import { dueEvents } from './schedule.ts'
import { checkedServer, serverHalfIn } from './server-module.ts'
import { CountingObserver } from './server-observer.ts'
import { SocketMeter } from './socket-meter.ts'
import { binAt, binWidth, type ServerBin } from './timeline.ts'
import { after, elapsed, type Instant, micros } from './units.ts'

runProcess<ServerJob>('server', async job => {
  const clock = clockFrom(job.origin)
  const intake = new IntakeMeter(clock)
  // Where connections wait for their turn, the half tells when they are taken; its sockets tell when they came.
  const sockets = new SocketMeter({
    ...(job.storm && { request: () => intake.request() }),
    ...(job.storm && job.acceptRate === undefined && { accepted: () => intake.accepted() }),
  })
  const requests = job.marks && new RequestMeter(job.marks)
  const observer = new CountingObserver(job.schedule.arrivals === 'pulses', clock, intake)
  const technique = serverHalfIn(await import(job.half.module), job.half.technique)
  const { logEvents, delivery, backendPoll, acceptRate } = job
  const server = checkedServer(
    technique.create(
      { clock, logEvents, delivery, observer, ...(acceptRate === undefined ? {} : { acceptRate }) },
      job.settings,
    ),
  )
  const hand = (stream: number, event: PushEvent): void => {
    observer.pulses?.published(event.seq)
    server.publish(stream, event)
  }
  const backend = backendPoll > 0 ? new PolledBackend(backendPoll, hand) : undefined
  const publisher = new Publisher({
    origin: job.origin,
    clock,
    payload: payloadMaker(job.schedule.seed, job.payloadBytes),
    countedStreams: new Set(job.countedStreams),
    publish: backend?.store.bind(backend) ?? hand,
  })
  const meter = new LoadMeter()
  const timeline: ServerBin[] = []
  const alarms = new Alarms(clock)
  let start: Start | undefined
  let atOpen: ServerTotals | null = null
  let atClose: ServerTotals | null = null

  const totals = (): ServerTotals => ({
    ...sockets.read(),
    readAt: clock(),
    handedOver: observer.handedOverTotal,
    heartbeats: observer.heartbeatTotal,
    backendPolls: backend?.polls ?? 0,
  })
  const sampleBin = (): void => {
    if (start === undefined) return
    const now = clock()
    const { requests, toServer, toClients } = sockets.read()
    timeline.push({ index: binAt(start.window.from, now) - 1, requests, bytes: toServer + toClients })
    alarms.at(after(now, micros(binWidth - mod(elapsed(start.window.from, now), binWidth))), sampleBin)
  }
  // Where only the newest event is kept, the last ones of the window have to be overtaken like those before them.
  const publishUntil = ({ window, drainUntil }: Start): Instant =>
    delivery === 'last-value' ? drainUntil : window.to
  const closeWindow = (): void => {
    atClose ??= totals()
    requests?.close()
    meter.stop()
  }

  const open = (instants: Start): void => {
    start = instants
    const { startAt, window } = instants
    observer.window = window
    const due = dueEvents(job.schedule, job.streams, elapsed(startAt, publishUntil(instants)))
    publisher.start(due, startAt, window.from, window.to)
    alarms.at(startAt, sampleBin)
    alarms.at(window.from, () => {
      atOpen = totals()
      requests?.open()
      meter.start()
    })
    alarms.at(window.to, closeWindow)
    intake.open(window.from)
  }

  return {
    async boot() {
      // The log is whole before the first client can ask for what it missed.
      if (job.rebuild !== undefined) {
        const { start, listenAt } = job.rebuild
        await new Promise<void>(resolve => alarms.at(listenAt, resolve))
        open(start)
        publisher.rebuild()
      }
      const url = await server.listen(job.address)
      requests?.events(url)
      answer({ type: 'listening', url: url.href })
    },
    start: open,
    cut(instants) {
      start = instants
      observer.window = instants.window
      publisher.stopAt(publishUntil(instants), instants.window.to)
      alarms.at(instants.window.to, closeWindow)
    },
    finish(abruptly) {
      alarms.clear()
      if (abruptly) publisher.stop()
      if (abruptly && start !== undefined) closeWindow()
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
          intake: intake.windows(),
          pulses: observer.pulses?.services() ?? [],
          peakRssBytes: process.resourceUsage().maxRSS * 1_024,
        },
      })
    },
    reset: share => sockets.reset(share, randomFor(job.schedule.seed, 'reset', 0)),
    async drain(over, retryAfter) {
      if (server.drain === undefined) throw new Error('this server cannot send its clients away')
      await server.drain(over, retryAfter)
      answer({ type: 'drained' })
    },
    async close() {
      alarms.clear()
      await publisher.close()
      backend?.close()
      await server.close()
      sockets.close()
      requests?.close()
    },
  }
})

/** The remainder that is never negative. */
const mod = (value: number, by: number): number => ((value % by) + by) % by
