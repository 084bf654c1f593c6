/**
 * The page scripts in Chromium: a client runs the script of its technique in a page of its own, and each page has a
 * browser context of its own, as two users have. A browser opens at most 6 HTTP/1.1 connections to a host; contexts
 * do not share them, so pages do not compete for connections.
 *
 * A page timestamps its events with its own `performance.now()`, which has another origin than the run's clock.
 * Round trips measure the difference, as when clocks are synchronised over a network: in the shortest of many, the
 * page read its clock at most half the round trip from its middle.
 */
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { type Clock, clockFrom, originNow } from '../model/clock.ts'
import { toMessage } from '../model/event.ts'
import { type Loss, LossError } from '../model/loss.ts'
import type { ClientContext, ClientSink, PushClient } from '../model/technique.ts'
import { type Instant, instant, type Micros, micros } from '../model/units.ts'
import { launchChromium } from './chromium.ts'
import { pageClients, pageOf, type SettingValues, scriptText } from './index.ts'
import { pageLoss } from './page-loss.ts'

/** How often the records of a page are fetched. */
const fetchEveryMs = 40
/** Round trips for setting the clock. */
const roundTrips = 30
/** Chromium shows a page a clock of this resolution. */
const clockResolution = 100

/** One record of a page: when by its own clock, what happened, and the details. */
type Fact = readonly [at: number, what: 'event' | 'response' | 'lost', value: unknown, detail?: string]

let browser: Promise<Browser> | undefined

/** Ends the browser that all clients of this process share. */
export async function closeBrowser(): Promise<void> {
  const running = browser
  browser = undefined
  await (await running)?.close()
}

class BrowserClient implements PushClient {
  /** How far an event's stamp may be from the run's clock, once the client has connected. */
  clockError: Micros = micros(0)
  readonly #context: ClientContext
  readonly #technique: string
  readonly #values: SettingValues
  readonly #clock: Clock
  #opening: Promise<Page> | undefined
  #owned: BrowserContext | undefined
  #zero = 0
  #timer: NodeJS.Timeout | undefined
  #closed = false

  constructor(context: ClientContext, technique: string, values: SettingValues) {
    this.#context = context
    this.#technique = technique
    this.#values = values
    this.#clock = context.clock ?? clockFrom(originNow())
  }

  async connect(sink: ClientSink): Promise<void> {
    const { url, random } = this.#context
    this.#closed = false
    this.#opening ??= this.#open()
    const page = await this.#opening
    const given = [url.href, sink.cursor, pageOf(this.#technique).parameters(this.#values, random)]
    const call = `connect(${given.map(each => JSON.stringify(each)).join(',')})`
    const loss = await page.evaluate(call).catch(this.#unlessClosed)
    if (loss) throw new LossError(lossOf(loss as { cause: string; detail: string }))
    this.#fetchLater(page, sink)
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await this.#opening?.catch(() => {})
    this.#opening = undefined
    await this.#owned?.close()
  }

  /** Opens a page on the origin of the server, which serves no such page, and measures its clock. */
  async #open(): Promise<Page> {
    browser ??= launchChromium()
    this.#owned = await (await browser).newContext()
    const page = await this.#owned.newPage()
    const address = new URL('/', this.#context.url).href
    const scripts = [scriptText(this.#technique), scriptText('recording')]
    const body = `<!doctype html><title>pushbench</title><body>${scripts.map(script => `<script>${script}</script>`).join('')}</body>`
    await page.route(address, route => route.fulfill({ contentType: 'text/html; charset=utf-8', body }))
    await page.goto(address)
    // Such a route switches the browser's cache off and delays what is measured.
    await page.unrouteAll()
    await this.#setClock(page)
    return page
  }

  async #setClock(page: Page): Promise<void> {
    let shortest = Number.POSITIVE_INFINITY
    for (let trip = 0; trip < roundTrips; trip++) {
      const asked = this.#clock()
      const shown = (await page.evaluate('performance.now()')) as number
      const answered = this.#clock()
      if (answered - asked >= shortest) continue
      shortest = answered - asked
      this.#zero = (asked + answered) / 2 - shown * 1_000
    }
    this.clockError = micros(shortest / 2 + clockResolution)
  }

  #fetchLater(page: Page, sink: ClientSink): void {
    this.#timer = setTimeout(async () => {
      // One text leaves the page much faster than an array of values.
      const text = await page.evaluate('JSON.stringify(recording.splice(0))').catch(this.#unlessClosed)
      if (this.#closed) return
      for (const fact of JSON.parse(String(text)) as Fact[]) if (this.#report(fact, sink)) return
      this.#fetchLater(page, sink)
    }, fetchEveryMs)
  }

  /** Reports a fact to the sink; true when the connection is lost. */
  #report([at, what, value, detail = '']: Fact, sink: ClientSink): boolean {
    if (what === 'lost') {
      sink.lost(lossOf({ cause: String(value), detail }))
      return true
    }
    if (what === 'response') {
      sink.response(value === true)
      return false
    }
    const read = toMessage(value)
    if ('event' in read) sink.event(read.event, this.#runInstant(at))
    else sink.overrun(read.overrun)
    return false
  }

  #runInstant(at: number): Instant {
    return instant(Math.round(this.#zero + at * 1_000))
  }

  /** Calls into a page fail when the page is closed. */
  readonly #unlessClosed = (error: unknown): string => {
    if (this.#closed) return ''
    throw error
  }
}

const lossOf = ({ cause, detail }: { cause: string; detail: string }): Loss => {
  const loss = pageLoss(cause)
  return detail === '' ? loss : { ...loss, detail }
}

/** Where a client process finds the page clients in Chromium. */
export const clients = pageClients(
  (context, technique, values) => new BrowserClient(context, technique, values),
)
