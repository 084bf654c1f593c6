/** Every technique with its page script in jsdom against the conformance suite. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { clients } from '../../pages/dom.ts'
import { verifyCase } from '../../verify/suite.ts'
import { casesWithPayloadsTogether } from '../verify/payloads-together.ts'
import { pagePairs, smallPages } from './page-pairs.ts'

/** Long cases whose subject is the server under many clients; they pass with the wire clients. */
const leftToWireClients: readonly string[] = [
  'publish while resuming',
  'abrupt disconnects',
  'clients that leave',
  'drain in turn',
  'drain in order',
  'drain to a successor',
]

/** The others look at the server alone. */
const pageCases = casesWithPayloadsTogether.filter(
  ({ name, serverOnly }) => serverOnly !== true && !leftToWireClients.includes(name),
)

for (const pair of pagePairs('dom', clients)) {
  describe(`the ${pair.technique} page conforms in jsdom`, () => {
    for (const each of pageCases) {
      test(each.name, async t => {
        // What is known not to come about need not be waited for.
        const deviates = pair.server.deviations?.[each.name] !== undefined
        const deadlineMs = deviates ? 400 : 20_000
        const { state, detail } = await verifyCase(pair, each, { ...smallPages, deadlineMs })
        if (state === 'deviates') t.diagnostic(`deviates: ${detail}`)
        assert.notEqual(state, 'failed', detail)
      })
    }
  })
}
