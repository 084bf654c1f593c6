/** Every technique with its page script in jsdom against the conformance suite. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { clients } from '../../pages/dom.ts'
import { cases, verifyCase } from '../../verify/suite.ts'
import { pagePairs, smallPages } from './page-pairs.ts'

// These ask only the server, which the suite of the wire clients has done.
const serverCases = new Set(['bad cursor', 'bad stream', 'unknown path', 'port in use'])

for (const pair of pagePairs('dom', clients)) {
  describe(`the ${pair.technique} page conforms in jsdom`, () => {
    for (const each of cases.filter(({ name }) => !serverCases.has(name))) {
      test(each.name, async t => {
        // What is known not to come about need not be waited for.
        const deviates = pair.server.deviations?.[each.name] !== undefined
        const deadline = deviates ? { deadlineMs: 400 } : {}
        const { state, detail } = await verifyCase(pair, each, { ...smallPages, ...deadline })
        if (state === 'deviates') t.diagnostic(`deviates: ${detail}`)
        assert.notEqual(state, 'failed', detail)
      })
    }
  })
}
