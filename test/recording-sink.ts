/** A sink that records what a client adapter reports. */
import type { TestContext } from 'node:test'
import type { Overrun, PushEvent } from '../model/event.ts'
import type { Loss } from '../model/loss.ts'
import type { HeaderSet } from '../model/request.ts'
import { defaults, type Settings, type Values } from '../model/settings.ts'
import type { ClientSink, ClientTechnique, PushClient } from '../model/technique.ts'
import type { Micros } from '../model/units.ts'

export class RecordingSink implements ClientSink {
  cursor = 0
  readonly events: PushEvent[] = []
  readonly overruns: Overrun[] = []
  /** For each response whether it was empty. */
  readonly responses: boolean[] = []
  readonly retries: Micros[] = []
  readonly losses: Loss[] = []
  /** How often something was heard that is not an event. */
  signsOfLife = 0
  /** Connections that the client opened. */
  openings = 0
  /** How often the client said that the connection which it opened serves it. */
  served = 0
  /** Called for every response; for tests that check something at that moment. */
  onResponse: () => void = () => {}

  event(event: PushEvent): void {
    this.cursor = event.seq
    this.events.push(event)
  }

  overrun(overrun: Overrun): void {
    this.cursor = overrun.last
    this.overruns.push(overrun)
  }

  response(empty: boolean): void {
    this.responses.push(empty)
    this.onResponse()
  }

  retryAfter(delay: Micros): void {
    this.retries.push(delay)
  }

  alive(): void {
    this.signsOfLife++
  }

  opening(): void {
    this.openings++
  }

  opened(): void {
    this.served++
  }

  lost(loss: Loss): void {
    this.losses.push(loss)
  }
}

/** What a test may want of a client other than usual. */
export interface CallOptions<S extends Settings> {
  readonly settings?: Partial<Values<S>>
  readonly headers?: HeaderSet
  /** The client's phase and the like; 0 by default. */
  readonly random?: number
}

/** A client adapter for stream 0 of the server at `at`, closed with the test. */
export function clientOf<S extends Settings>(
  t: TestContext,
  technique: ClientTechnique<S>,
  at: URL,
  { settings, headers = 'minimal', random = 0 }: CallOptions<S> = {},
): PushClient {
  const url = new URL(at)
  url.searchParams.set('stream', '0')
  const client = technique.create(
    { url, headers, random: () => random },
    { ...defaults(technique.settings), ...settings },
  )
  t.after(() => client.close())
  return client
}
