/**
 * An Express application that pushes with better-sse, as a server that pushbench measures:
 *
 *     npx pushbench run --server ./server.ts
 */
import { type Channel, createChannel, createSession } from 'better-sse'
import express from 'express'
// In a project of your own: from 'pushbench'.
import { defineServer, httpServer } from '../../index.ts'

export default defineServer({
  technique: 'sse',
  create(context) {
    const channels = new Map<string, Channel>()
    const channelOf = (stream: string): Channel => {
      const channel = channels.get(stream) ?? createChannel()
      channels.set(stream, channel)
      return channel
    }

    const app = express()
    app.get('/events', async (request, response) => {
      // The text of an event is JSON already: it must not become a string within JSON.
      const session = await createSession(request, response, { serializer: String, keepAlive: null })
      channelOf(String(request.query['stream'] ?? 0)).register(session)
    })

    return httpServer(context, {
      handler: app,
      path: '/events',
      publish(stream, text, seq) {
        const channel = channelOf(String(stream))
        channel.broadcast(text, 'message', { eventId: String(seq) })
        return channel.sessionCount
      },
    })
  },
})
