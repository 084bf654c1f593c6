/**
 * What the HTTP stream clients share: one response that does not end, cut into texts as it comes. When the
 * server ends it in order, the client opens the next at once; a technique says how its wire is read.
 */
import { type Prediction, type PredictionInputs, renewedStream } from '../../model/closed-forms.ts'
import { decodeMessage } from '../../model/event.ts'
import { type Loss, LossError } from '../../model/loss.ts'
import type { ClientContext, ClientSink, ClientTechnique, PausableClient } from '../../model/technique.ts'
import { type Asking, askingHeaders, hand, requestFor } from './asking.ts'
import { readsHeaders } from './headers.ts'
import { OneConnection, type ResponseReader } from './http.ts'
import { lossOf, reportLoss, sentAway } from './loss.ts'
import { heartbeatIdle, heartbeatSettings, streamSilence, transit } from './silence.ts'

/** Cuts a stream into event texts. Pieces come cut anywhere but within a character. */
export interface Cutter {
  feed(piece: string): void
  /** The response ended in order. Throws when it was not a stream of the technique. */
  end?(): void
}

/** How the stream of a technique is read. */
export interface Reading extends Asking {
  /** What the content type must be. */
  readonly contentType: RegExp
  /**
   * A cutter for one response.
   * @param onOpen to be called once the stream is seen to be one of the technique
   * @param contentType the response's, for parameters such as a boundary
   */
  cutter(onText: (text: string) => void, onOpen: () => void, contentType: string): Cutter
}

/** The closed form of streams with a lifetime. */
const streamPrediction = (_: unknown, { arrivals, hold, gaps }: PredictionInputs): Prediction | null =>
  arrivals === 'poisson' && hold !== null && gaps !== null
    ? renewedStream('r = time from the end of a stream to the next request, as the server saw it', gaps, hold)
    : null

/** What all stream techniques declare; one with settings of its own adds them. */
export const streamTraits = {
  settings: heartbeatSettings,
  pauses: true,
  drain: () => transit,
  idle: heartbeatIdle,
  silence: streamSilence,
  predict: streamPrediction,
} satisfies Omit<ClientTechnique<typeof heartbeatSettings>, 'create'>

/** Reads endless responses, one after the other. */
export class StreamClient extends OneConnection implements PausableClient {
  readonly #url: URL
  readonly #headers: string[]
  readonly #reading: Reading
  #closed = false

  constructor(context: ClientContext, reading: Reading) {
    super(context.url)
    this.#url = context.url
    this.#headers = askingHeaders(context, reading)
    this.#reading = reading
  }

  connect(sink: ClientSink): Promise<void> {
    const { initiator, contentType } = this.#reading
    const { path, body } = requestFor(this.#url, this.#reading, sink.cursor)
    this.#closed = false
    return new Promise((resolve, reject) => {
      let connected = false
      let empty = true
      let away = false
      let cutter: Cutter | undefined
      const onText = (text: string): void => {
        empty = false
        hand(decodeMessage(text), sink)
      }
      const lose = (loss: Loss): void => {
        if (connected) sink.lost(loss)
        else reject(new LossError(loss))
      }
      const onOpen = (): void => {
        connected = true
        sink.opened()
        resolve()
      }
      const reader: ResponseReader = {
        opening: () => sink.opening(),
        sentAway: retryAfter => {
          if (!readsHeaders(initiator)) return
          away = true
          sink.retryAfter(retryAfter, true)
        },
        head: type => {
          if (!contentType.test(type)) {
            throw new LossError({
              cause: 'protocol',
              detail: `content type "${type}" is not that of the stream`,
            })
          }
          cutter = this.#reading.cutter(onText, onOpen, type)
        },
        text: piece => {
          sink.alive()
          cutter?.feed(piece)
        },
        end: () => {
          try {
            cutter?.end?.()
          } catch (error) {
            return lose(lossOf(error))
          }
          sink.response(empty)
          if (away) lose(sentAway)
          else this.#renew(sink)
        },
        failed: lose,
      }
      this.connection.stream(path, this.#headers, reader, body)
    })
  }

  override close(): Promise<void> {
    this.#closed = true
    return super.close()
  }

  #renew(sink: ClientSink): void {
    if (this.#closed) return
    this.connect(sink).catch((error: unknown) => reportLoss(error, sink))
  }
}
