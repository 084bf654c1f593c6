/**
 * The entry of a server process: one server half with its publisher, and the meters around it.
 */
import { Alarms } from './alarms.ts'
import { clockFrom } from './clock.ts'
import type { PushEvent } from './event.ts'
import { Histogram } from './histogram.ts'
import type { HalfRef, ServerJob, ServerTotals, Start } from './job.ts'
import { LoadMeter } from './load.ts'
import { payloadMaker } from './payload.ts'
import { PolledBackend } from './polled-backend.ts'
import { answer, runProcess } from './process.ts'
import { Publisher } from './publisher.ts'
import { dueEvents } from './schedule.ts'
import { SocketMeter } from './socket-meter.ts'
import type { ServerObserver, ServerTechnique } from './technique.ts'
import { binAt, binWidth, type ServerBin } from './timeline.ts'
import { after, elapsed, type Instant, micros } from './units.ts'

runProcess<ServerJob>('server', async job => {
  const clock = clockFrom(job.origin)
  const sockets = new SocketMeter()
  const observer = new Observer()
  const technique = await loadServer(job.half)
  const { logEvents, delivery, backendPoll } = job
  const server = technique.create({ clock, logEvents, delivery, observer }, job.settings)
  const hand = (stream: number, event: PushEvent): void => server.publish(stream, event)
  const backend = backendPoll > 0 ? new PolledBackend(backendPoll, hand) : undefined
  const publisher = new Publisher({
    origin: job.origin,
    clock,
    payload: payloadMaker(job.schedule.seed, job.payloadBytes),
    countedStreams: new Set(job.countedStreams),
    publish: backend?.store.bind(backend) ?? hand,
  })
  const url = await server.listen(job.address)
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
  const closeWindow = (): void => {
    atClose ??= totals()
    meter.stop()
  }

  return {
    async boot() {
      answer({ type: 'listening', url: url.href })
    },
    start(instants) {
      start = instants
      const { startAt, window } = instants
      observer.window = window
      publisher.start(dueEvents(job.schedule, job.streams, elapsed(startAt, window.to)), startAt, window.from)
      alarms.at(startAt, sampleBin)
      alarms.at(window.from, () => {
        atOpen = totals()
        meter.start()
      })
      alarms.at(window.to, closeWindow)
    },
    cut(instants) {
      start = instants
      observer.window = instants.window
      publisher.stopAt(instants.window.to)
      alarms.at(instants.window.to, closeWindow)
    },
    finish() {
      alarms.clear()
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
          load: meter.settle(),
          timeline,
        },
      })
    },
    async close() {
      alarms.clear()
      await publisher.close()
      backend?.close()
      await server.close()
      sockets.close()
    },
  }
})

/** Counts what only the server sees, for the events of the window. */
class Observer implements ServerObserver {
  readonly wait = new Histogram()
  readonly rearm = new Histogram()
  handedOverTotal = 0
  heartbeatTotal = 0
  window: Start['window'] | undefined

  handedOver({ intendedAt }: { intendedAt: Instant }, wait: number, receivers: number): void {
    this.handedOverTotal += receivers
    if (this.window === undefined || intendedAt < this.window.from || intendedAt >= this.window.to) return
    this.wait.recordMany(micros(wait), receivers)
  }

  heartbeats(receivers: number): void {
    this.heartbeatTotal += receivers
  }

  rearmed(gap: number): void {
    if (this.window !== undefined) this.rearm.record(micros(gap))
  }
}

async function loadServer({ module, technique }: HalfRef): Promise<ServerTechnique> {
  const { servers } = (await import(module)) as { servers: Record<string, ServerTechnique> }
  const half = servers[technique]
  if (half === undefined) throw new Error(`${module} has no server half "${technique}"`)
  return half
}

/** The remainder that is never negative. */
const mod = (value: number, by: number): number => ((value % by) + by) % by
