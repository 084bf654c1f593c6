/**
 * `page-refresh`: loads the whole page again every interval, and its files as the browser's cache would.
 */
import type { ClientContext, ClientSink } from '../model/technique.ts'
import { clientTechnique } from '../model/technique.ts'
import { Asker, emptyPoll } from './http/asking.ts'
import { eventsOfPage, PageFiles } from './http/page.ts'
import { type Poller, PollTimer, timerTraits } from './http/poll-timer.ts'

/** One navigation: the page, then the files that the cache does not have. */
class PageLoader implements Poller {
  readonly #asker: Asker
  readonly #files: PageFiles
  /** The page itself is not kept: its files are all that is left to do when its events are out. */
  #loading = Promise.resolve()
  #sink: ClientSink | undefined
  #closed = false

  constructor(context: ClientContext) {
    this.#files = new PageFiles(context)
    this.#asker = new Asker(context, {
      initiator: 'document',
      read: html => {
        if (!this.#closed && this.#sink !== undefined) this.#loading = this.#files.load(html, this.#sink)
        return JSON.parse(eventsOfPage(html))
      },
    })
  }

  async ask(sink: ClientSink): Promise<void> {
    this.#closed = false
    this.#sink = sink
    await this.#asker.ask(sink)
    await this.#loading
  }

  pause(): void {
    this.#asker.pause()
    this.#files.pause()
  }

  resume(): void {
    this.#asker.resume()
    this.#files.resume()
  }

  async close(): Promise<void> {
    this.#closed = true
    await Promise.all([this.#asker.close(), this.#files.close()])
  }
}

export const pageRefresh = clientTechnique({
  ...timerTraits,
  create: (context, settings) => new PollTimer(new PageLoader(context), settings, context.random()),
  // The page without its files: a browser has them in its cache.
  ceiling: context => emptyPoll(context, { initiator: 'document' }),
})
