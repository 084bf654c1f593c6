/**
 * A jsdom window with what it lacks compared with a browser's: fetch, EventSource, a cache, and frames that are parsed
 * as their bytes arrive. Every request of a window goes through its own connections, as in a browser.
 */
import { createRequire } from 'node:module'
import { EventSource } from 'eventsource'
import { Agent, type Dispatcher, fetch, interceptors, type RequestInit } from 'undici'

/** The part of jsdom's window that is used here; its own types would add a browser's globals to the whole project. */
export interface DomWindow {
  [name: string]: unknown
  readonly document: {
    addEventListener(type: string, listener: (event: FrameEvent) => void, capture: boolean): void
  }
  readonly navigator: { readonly userAgent: string }
  readonly HTMLIFrameElement: { readonly prototype: object }
  readonly Event: new (type: string) => FrameEvent
  eval(script: string): unknown
  close(): void
}

interface FrameEvent {
  readonly target: unknown
  stopImmediatePropagation(): void
}

interface Frame {
  readonly contentDocument: { open(): void; write(text: string): void; close(): void } | null
  dispatchEvent(event: FrameEvent): void
}

interface Jsdom {
  readonly JSDOM: new (html: string, options: object) => { readonly window: DomWindow }
  readonly VirtualConsole: new () => object
}

const { JSDOM, VirtualConsole } = createRequire(import.meta.url)('jsdom') as Jsdom

/** A window that is open. */
export interface OpenWindow {
  readonly window: DomWindow
  /** Closes the window and its connections. */
  close(): Promise<void>
}

/** Browsers open at most this many HTTP/1.1 connections to one host. */
const connections = 6

/** The User-Agent of undici in requests that it makes for a window; jsdom's own requests already have another. */
const undiciName = 'undici'
/** The language that jsdom asks for. */
const jsdomLanguage = 'en'

/**
 * Opens a window on the origin of `url`.
 * @param endlessFrame true to feed frames with their bytes as they come
 */
export function openWindow(url: URL, endlessFrame: boolean): OpenWindow {
  const agent = new Agent({ connections, pipelining: 1, headersTimeout: 0, bodyTimeout: 0 })
  const dispatcher = agent.compose(
    // A page keeps its files as their headers allow, as in a browser (RFC 9111).
    interceptors.cache(),
    dispatch => (options, handler) => dispatch(signed(options, window), handler),
  )
  const { window } = new JSDOM('<!doctype html><title>pushbench</title><body></body>', {
    url: new URL('/', url).href,
    runScripts: 'dangerously',
    resources: { dispatcher },
    // Errors of scripts in other pages are ignored.
    virtualConsole: new VirtualConsole(),
  })
  const load = (address: string | URL, init: RequestInit = {}) =>
    fetch(new URL(address, url), { referrer: new URL('/', url).href, ...init, dispatcher })
  const stop = new AbortController()
  Object.assign(window, {
    fetch: load,
    AbortController,
    TextDecoderStream,
    EventSource: class extends EventSource {
      constructor(address: string) {
        super(address, { fetch: (at, init) => load(at, init as RequestInit) })
      }
    },
  })
  if (endlessFrame) feedFrames(window, address => load(address, { signal: stop.signal }))
  return {
    window,
    async close() {
      stop.abort()
      window.close()
      await agent.destroy()
    },
  }
}

/** A request of undici for a window, with the User-Agent and language of that window, as in jsdom's own requests. */
function signed(
  options: Dispatcher.DispatchOptions,
  { navigator }: Pick<DomWindow, 'navigator'>,
): Dispatcher.DispatchOptions {
  const headers = options.headers as Readonly<Record<string, string>>
  if (headers['user-agent'] !== undiciName) return options
  const own = { 'user-agent': navigator.userAgent, 'accept-language': jsdomLanguage }
  return { ...options, headers: { ...headers, ...own } }
}

/** Has the `src` of frames written into them piece by piece; a block of script then runs as soon as it is complete. */
function feedFrames(window: DomWindow, load: (address: string) => ReturnType<typeof fetch>): void {
  const ended = new WeakSet<FrameEvent>()
  // jsdom fires `load` for the empty document that a frame starts with; a browser does not.
  window.document.addEventListener(
    'load',
    event => {
      if (event.target instanceof (window.HTMLIFrameElement as never) && !ended.has(event))
        event.stopImmediatePropagation()
    },
    true,
  )
  const feed = async (frame: Frame, address: string): Promise<void> => {
    const document = (): Frame['contentDocument'] => frame.contentDocument
    try {
      const response = await load(address)
      document()?.open()
      const decoder = new TextDecoder()
      for await (const piece of response.body ?? [])
        document()?.write(decoder.decode(piece, { stream: true }))
    } catch {
      // As in a browser, where a frame that broke off looks like one that ended.
    }
    document()?.close()
    const event = new window.Event('load')
    ended.add(event)
    if (document() !== null) frame.dispatchEvent(event)
  }
  Object.defineProperty(window.HTMLIFrameElement.prototype, 'src', {
    // A script may set the address of a frame before it adds the frame to the document.
    set(this: Frame, address: string) {
      setImmediate(() => void feed(this, address))
    },
  })
}
