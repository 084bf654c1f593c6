/** `server-push`: every part of an endless multipart response is a whole page that replaces the one shown. */
import {
  type ClientContext,
  type ClientSink,
  clientTechnique,
  type PausableClient,
} from '../model/technique.ts'
import { partCutter } from './http/cutters.ts'
import { eventsOfPage, PageFiles } from './http/page.ts'
import { StreamClient, streamTraits } from './http/stream.ts'

/** The stream of pages, and the files that each shown page loads. */
class ServerPushClient implements PausableClient {
  readonly #stream: StreamClient
  readonly #files: PageFiles
  #sink: ClientSink | undefined
  #closed = false

  constructor(context: ClientContext) {
    this.#files = new PageFiles(context)
    this.#stream = new StreamClient(context, {
      initiator: 'document',
      contentType: /^multipart\/x-mixed-replace\s*;/i,
      cutter: (onText, onOpen, contentType) =>
        partCutter(html => this.#show(html, onText), onOpen, contentType),
    })
  }

  connect(sink: ClientSink): Promise<void> {
    this.#closed = false
    this.#sink = sink
    return this.#stream.connect(sink)
  }

  pause(): void {
    this.#stream.pause()
    this.#files.pause()
  }

  resume(): void {
    this.#stream.resume()
    this.#files.resume()
  }

  async close(): Promise<void> {
    this.#closed = true
    await Promise.all([this.#stream.close(), this.#files.close()])
  }

  #show(html: string, onText: (text: string) => void): void {
    // A part carries one event, or none when it only opens the stream.
    const text = eventsOfPage(html).slice(1, -1)
    if (text !== '') onText(text)
    if (!this.#closed && this.#sink !== undefined) void this.#files.load(html, this.#sink)
  }
}

export const serverPush = clientTechnique({
  ...streamTraits,
  create: context => new ServerPushClient(context),
})
