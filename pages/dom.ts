/**
 * The page scripts in jsdom: a client runs the script of its technique in a window of its own, inside the
 * client process, so its events are timestamped by the run's clock like all others.
 */
import { toMessage } from '../model/event.ts'
import { LossError } from '../model/loss.ts'
import type { ClientContext, ClientSink, PushClient } from '../model/technique.ts'
import { type OpenWindow, openWindow } from './dom-window.ts'
import { pageClients, pageOf, type SettingValues, scriptText } from './index.ts'
import { pageLoss } from './page-loss.ts'

type Subscribe = (url: string, cursor: number, sink: object, settings: object) => () => void

class DomClient implements PushClient {
  readonly #context: ClientContext
  readonly #technique: string
  readonly #values: SettingValues
  #open: OpenWindow | undefined
  #unsubscribe: () => void = () => {}
  #closed = false

  constructor(context: ClientContext, technique: string, values: SettingValues) {
    this.#context = context
    this.#technique = technique
    this.#values = values
  }

  connect(sink: ClientSink): Promise<void> {
    const { url, random } = this.#context
    const { endlessFrame, parameters } = pageOf(this.#technique)
    this.#closed = false
    if (this.#open === undefined) {
      this.#open = openWindow(url, endlessFrame === true)
      this.#open.window.eval(scriptText(this.#technique))
    }
    const subscribe = this.#open.window['subscribe'] as Subscribe
    return new Promise((resolve, reject) => {
      let state: 'opening' | 'open' | 'lost' = 'opening'
      const open = (): void => {
        if (state === 'opening') state = 'open'
        resolve()
      }
      const lost = (reason: unknown): void => {
        if (state === 'lost' || this.#closed) return
        const was = state
        state = 'lost'
        this.#unsubscribe()
        if (was === 'open') sink.lost(pageLoss(reason))
        else reject(new LossError(pageLoss(reason)))
      }
      const pageSink = {
        open,
        lost,
        event: (message: unknown): number => {
          if (state !== 'lost' && !this.#closed) deliver(message, sink, lost)
          return sink.cursor
        },
        response: (empty: boolean): void => {
          if (state === 'lost' || this.#closed) return
          open()
          sink.response(empty)
        },
      }
      this.#unsubscribe = () => {}
      const unsubscribe = subscribe(url.href, sink.cursor, pageSink, parameters(this.#values, random))
      this.#unsubscribe = unsubscribe
    })
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#unsubscribe()
    const open = this.#open
    this.#open = undefined
    await open?.close()
  }
}

function deliver(message: unknown, sink: ClientSink, lost: (reason: unknown) => void): void {
  try {
    const read = toMessage(typeof message === 'string' ? JSON.parse(message) : message)
    if ('event' in read) sink.event(read.event)
    else sink.overrun(read.overrun)
  } catch (error) {
    lost(error)
  }
}

/** Where a client process finds the page clients in jsdom. */
export const clients = pageClients((context, technique, values) => new DomClient(context, technique, values))
