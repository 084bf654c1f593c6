/** One server adapter that runs on a port of the loopback, with what the suite observes of it. */

import { SocketMeter } from '../measure/messages/socket-meter.ts'
import { clockFrom, originNow } from '../model/clock.ts'
import type { PushEvent } from '../model/event.ts'
import type { SettingValue } from '../model/settings.ts'
import type { PushServer, ServerTechnique } from '../model/technique.ts'

const loopback = '127.0.0.1'

/** What a server is made with. */
export interface ServerRunOptions {
  readonly technique: ServerTechnique
  readonly settings: Readonly<Record<string, SettingValue>>
  readonly logEvents: number
}

export class ServerRun {
  readonly push: PushServer
  /** How many events the server reported as handed to clients; an event for two clients counts twice. */
  handedOver = 0
  #url: URL | undefined
  #sockets: SocketMeter | undefined

  constructor({ technique, settings, logEvents }: ServerRunOptions) {
    const observer = {
      handedOver: (_event: PushEvent, _wait: number, receivers: number): void => {
        this.handedOver += receivers
      },
      rearmed: (): void => {},
      heartbeats: (): void => {},
    }
    this.push = technique.create({ clock: clockFrom(originNow()), logEvents, observer }, settings)
  }

  /** Listens; port 0 takes a free one. */
  async listen(port: number): Promise<void> {
    this.#url = await this.push.listen({ host: loopback, port })
    this.#sockets = new SocketMeter('server', undefined, Number(this.#url.port))
  }

  /** The address of the events. */
  get url(): URL {
    if (this.#url === undefined) throw new Error('the server does not listen yet')
    return this.#url
  }

  /** Connections that the server holds open. */
  get sockets(): number {
    return this.#sockets?.open.size ?? 0
  }

  /** Closes the server; its sockets are counted until {@link release}. */
  close(): Promise<void> {
    return this.push.close()
  }

  /** Ends the counting of sockets. */
  release(): void {
    this.#sockets?.close()
  }
}
