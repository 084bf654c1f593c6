/** The stream techniques of the registry with both adapters, and the bytes that their servers send. */

import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { methodOf } from '../bench/method-of.ts'
import { clients } from '../clients/index.ts'
import type { Loss } from '../model/loss.ts'
import type { SettingValue } from '../model/settings.ts'
import type { ClientTechnique, ServerTechnique } from '../model/technique.ts'
import { servers } from '../servers/index.ts'
import { clientOf, RecordingSink } from './recording-sink.ts'

/** A technique with both adapters, whatever its settings. */
export interface Adapters {
  readonly technique: string
  readonly server: ServerTechnique
  readonly client: ClientTechnique
}

/** Every technique of the registry. */
export const techniques: readonly Adapters[] = Object.entries(servers).map(([technique, server]) => {
  const adapters: Record<string, ClientTechnique> = clients
  const client = adapters[technique]
  assert.ok(client, `${technique} has a client adapter`)
  return { technique, server: server as ServerTechnique, client }
})

/** Those that declare every one of the settings named. */
export const declaring = (...names: string[]): readonly Adapters[] =>
  techniques.filter(({ server }) => names.every(name => name in server.settings))

/** Those whose response does not end by itself. */
export const streams = declaring('lifetime', 'limit', 'padding', 'heartbeat', 'stall')

/** The settings of those given that a technique declares: a small page where it sends one. */
export const known = (
  { server }: Adapters,
  settings: Record<string, SettingValue>,
): Record<string, SettingValue> =>
  Object.fromEntries(
    Object.entries({ page: 600, assets: 0, ...settings }).filter(([name]) => name in server.settings),
  )

/** The body of a response, asked for by the method that the server takes, as far as it comes until `enough` holds. */
export async function bodyUntil(url: URL, enough: (body: string) => boolean): Promise<Buffer> {
  const response = await fetch(url, { method: await methodOf(url), signal: AbortSignal.timeout(20_000) })
  const pieces: Uint8Array[] = []
  for await (const piece of response.body ?? []) {
    pieces.push(piece)
    if (enough(Buffer.concat(pieces).toString())) break
  }
  return Buffer.concat(pieces)
}

/** A sink whose client is connected again as soon as its stream has ended in order, as a page does. */
export class RenewingSink extends RecordingSink {
  /** Connects the client again. */
  renew: () => Promise<void> = async () => {}

  override lost(loss: Loss): void {
    super.lost(loss)
    if (loss.cause === 'closed') setImmediate(() => void this.renew().catch(() => {}))
  }

  get seqs(): number[] {
    return this.events.map(({ seq }) => seq)
  }
}

/** Connects a client adapter that stays connected. */
export async function follow(t: TestContext, client: ClientTechnique, url: URL): Promise<RenewingSink> {
  const sink = new RenewingSink()
  const adapter = clientOf(t, client, url)
  sink.renew = () => adapter.connect(sink)
  await adapter.connect(sink)
  return sink
}

/** The numbers 1 to `last`. */
export const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1)
