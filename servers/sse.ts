/**
 * `sse`: an endless `text/event-stream` response (WHATWG HTML section 9.2, server-sent events). A client
 * that comes back sends the id of the last event it saw and is given what it missed.
 */
import type { ServerResponse } from 'node:http'
import type { Entry } from '../measure/log.ts'
import { duration } from '../measure/settings.ts'
import { serverTechnique } from '../measure/technique.ts'
import { toMilliseconds } from '../measure/units.ts'
import { Host, type Topic, wholeNumber } from './host.ts'

/** An event's text is JSON on one line, so one `data:` line carries it; `id:` is what Last-Event-ID returns. */
const frame = (seq: number, text: string): string => `id: ${seq}\ndata: ${text}\n\n`

export const sse = serverTechnique({
  family: 'modern stream',
  summary: 'one endless text/event-stream response, read by EventSource; resumes by Last-Event-ID',
  reference: 'WHATWG HTML section 9.2 Server-sent events',
  settings: {
    retry: duration(
      '0',
      'the reconnect delay that the server asks for by retry:; 0 sends none, browsers then take about 3 s',
    ),
    heartbeat: duration('15s', 'a comment line is sent when a stream was silent for so long; 0 sends none'),
  },

  create: (context, { retry, heartbeat }) =>
    new Host<ServerResponse>(context, host => {
      const heartbeats = new Map<Topic<ServerResponse>, NodeJS.Timeout>()
      const beat = (topic: Topic<ServerResponse>): void => {
        for (const response of topic.subscribers) response.write(':\n\n')
      }

      return {
        request({ topic, cursor, request }, response) {
          const lastEventId = wholeNumber(request.headers['last-event-id'])
          response.writeHead(200, {
            'Content-Type': 'text/event-stream',
            'Cache-Control': 'no-store',
            // nginx holds a stream back until its buffer is full unless told so.
            'X-Accel-Buffering': 'no',
          })
          // Node keeps the head back until the first write; the client must know that it is connected.
          response.flushHeaders()
          const since = lastEventId || cursor
          const opening = retry > 0 ? `retry: ${Math.round(toMilliseconds(retry))}\n\n` : ''
          const missed = host.collect(topic, since).map(({ seq, text }) => frame(seq, text))
          if (opening !== '' || missed.length > 0) response.write(opening + missed.join(''))
          topic.subscribers.add(response)
          response.once('close', () => topic.subscribers.delete(response))
          if (heartbeat > 0 && !heartbeats.has(topic)) {
            heartbeats.set(topic, setInterval(beat, toMilliseconds(heartbeat), topic))
          }
        },

        published(topic, entry: Entry) {
          heartbeats.get(topic)?.refresh()
          const text = frame(entry.event.seq, entry.text)
          host.handOver(entry, topic.subscribers.size)
          for (const response of topic.subscribers) response.write(text)
        },

        close() {
          for (const timer of heartbeats.values()) clearInterval(timer)
        },
      }
    }),

  watch: url => `curl -N '${url}'`,
})
