/** Every technique with its page script in Chromium against a short list of the conformance suite's cases. */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { clients, closeBrowser } from '../../pages/browser.ts'
import { verifyCase } from '../../verify/suite.ts'
import { casesWithPayloadsTogether } from '../verify/payloads-together.ts'
import { pagePairs, smallPages } from './page-pairs.ts'

const shortList = new Set(['payloads', 'resume', 'frozen connection'])

after(closeBrowser)

for (const pair of pagePairs('browser', clients)) {
  describe(`the ${pair.technique} page conforms in Chromium`, () => {
    for (const each of casesWithPayloadsTogether.filter(({ name }) => shortList.has(name))) {
      test(each.name, async t => {
        // What is known not to come about need not be waited for.
        const deadlineMs = pair.server.deviations?.[each.name] === undefined ? 20_000 : 1_000
        const { state, detail } = await verifyCase(pair, each, { ...smallPages, deadlineMs })
        if (state === 'deviates') t.diagnostic(`deviates: ${detail}`)
        assert.notEqual(state, 'failed', detail)
      })
    }
  })
}

test('the short list names cases of the suite', () => {
  for (const name of shortList)
    assert.ok(
      casesWithPayloadsTogether.some(each => each.name === name),
      name,
    )
})
