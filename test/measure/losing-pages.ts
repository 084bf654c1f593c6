/** Page clients as a run finds them by a module: wire clients, but for the events that they lose and duplicate. */
import { clients as wire } from '../../clients/index.ts'
import type { ClientSink, ClientTechnique } from '../../model/technique.ts'

/** Loses one event in ten and hands another on twice. */
function losing(sink: ClientSink): ClientSink {
  const event = sink.event.bind(sink)
  return Object.assign(sink, {
    event(...given: Parameters<ClientSink['event']>) {
      const place = given[0].seq % 10
      if (place !== 3) event(...given)
      if (place === 7) event(...given)
    },
  })
}

/** `sse` clients that receive nothing as they should. */
export const clients: Record<string, Pick<ClientTechnique, 'create'>> = {
  sse: {
    create(context, settings) {
      const client = wire.sse.create(context, settings as never)
      return { connect: sink => client.connect(losing(sink)), close: () => client.close() }
    },
  },
}
