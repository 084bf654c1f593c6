/** The cases in which nothing happens for a while, or nothing arrives any more. */
import { defaults } from '../../model/settings.ts'
import { milliseconds, toMilliseconds } from '../../model/units.ts'
import type { Case } from '../case.ts'
import { shortSilence, shownSilence, silenceOf } from '../declarations.ts'
import { expectEqual, expectThat } from '../mismatch.ts'
import type { VerifiedPair } from '../pair.ts'

/** Long enough that a machine that is busy for a moment does not end a silence late. */
const quiet = milliseconds(150)
/** How many heartbeats or answers to wait for. */
const heartbeats = 3

/** Expects that, with the defaults of the pair, a client can distinguish an idle connection from a dead one. */
function expectDeclared(pair: VerifiedPair): void {
  const values = { ...defaults(pair.server.settings), ...defaults(pair.client.settings) }
  const silence = silenceOf(pair, values)
  expectThat(
    silence !== null,
    'a silence after which the client treats its connection as lost',
    'null or no silence()',
  )
  const shown = shownSilence(pair, values)
  expectThat(
    silence > shown,
    `the client to wait for longer than the ${toMilliseconds(shown)} ms that the server is silent`,
    `${toMilliseconds(silence)} ms`,
  )
}

/** Every case about silence. */
export const silenceCases: readonly Case[] = [
  {
    name: 'shared settings',
    about: 'a setting that both adapters declare has the same form and default in both',
    advice: 'declare the setting once and use it in both adapters',
    serverOnly: true,
    async run({ options: { pair } }) {
      for (const [name, { form, fallback }] of Object.entries(pair.client.settings)) {
        const other = pair.server.settings[name]
        if (other !== undefined)
          expectEqual(`setting ${name} of the server`, [other.form, other.fallback], [form, fallback])
      }
    },
  },
  {
    name: 'idle connection',
    about: 'an idle connection carries a heartbeat or an empty answer in time, and is kept',
    advice:
      'send heartbeats, declare heartbeat() and silence(), and call sink.alive() for whatever comes on a connection',
    settings: pair => shortSilence(pair, quiet),
    async run(harness) {
      const { pair, settings } = harness.options
      expectDeclared(pair)
      const silence = silenceOf(pair, settings) ?? milliseconds(harness.options.deadlineMs)
      const proxy = await harness.proxy()
      const client = await harness.join({ at: proxy.url })
      client.watchSilence(silence)
      const from = proxy.heard
      const heard = (): number => proxy.heard - from
      await harness.until(
        `${heartbeats} heartbeats or answers on an idle connection`,
        () => heard() >= heartbeats || client.losses.length > 0,
        () => String(heard()),
      )
      expectEqual('losses of an idle client', client.losses, [])
      harness.publish('after the silence')
      await harness.arrivesAt(client)
    },
  },
  {
    name: 'frozen connection',
    about: 'a client gives up a connection that stays open but carries nothing, and misses no event',
    advice:
      'close() of the client must end a connection that does not answer, and connect() work again after it',
    async run(harness) {
      const proxy = await harness.proxy()
      const client = await harness.join({ at: proxy.url })
      harness.publish('before')
      await harness.arrivesAt(client)
      proxy.freeze()
      harness.publish('into the void')
      // The case before checks how long it waits; here the wait is short.
      client.watchSilence(milliseconds(20))
      await client.until('a lost connection', () => client.losses.length > 0)
      client.stopWatching()
      expectEqual('cause of the loss', client.losses[0]?.cause, 'timeout')
      await harness.arrivesAt(client)
      harness.publish('the last')
      await harness.arrivesAt(client)
    },
  },
]
