/** The conformance suite against broken pairs, because one that finds nothing in those would find nothing anywhere. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  type Case,
  type CaseResult,
  cases,
  type VerifiedPair,
  type VerifyOptions,
  verify,
  verifyCase,
} from '../../verify/suite.ts'
import { brokenPairs } from './broken-pairs.ts'
import { sound } from './flaws.ts'
import { payloadsTogether } from './payloads-together.ts'

/** Cases whose subject is the pace or the memory of this process, so that nothing else may run meanwhile. */
const runsAlone = ({ name }: Case): boolean => ['idle connection', 'stalled reader'].includes(name)

function caseOf(name: string): Case {
  const found = cases.find(each => each.name === name)
  assert.ok(found, `there is a case "${name}"`)
  return found
}

/** What a case of one payload catches is caught where all of them are one case as well. */
const togetherFor = (caughtBy: readonly string[]): Case[] =>
  caughtBy.some(name => name.startsWith('payload: ')) ? [payloadsTogether] : []

for (const alone of [false, true]) {
  describe(`the suite catches a pair that${alone ? ', by itself,' : ''}`, {
    concurrency: alone ? 1 : 8,
  }, () => {
    for (const {
      flaw,
      pair,
      caughtBy,
      deadlineMs = 400,
      detail: expected = /expected .*, got ./,
      advice: wanted = /./,
    } of brokenPairs) {
      for (const each of [...caughtBy.map(caseOf), ...togetherFor(caughtBy)]) {
        if (runsAlone(each) !== alone) continue
        test(`${flaw}, by "${each.name}"`, async () => {
          const { state, detail, advice } = await patiently(pair, each, deadlineMs, expected)
          assert.equal(state, 'failed')
          assert.match(detail, expected)
          assert.match(advice, wanted)
        })
      }
    }
  })
}

/**
 * A case with a short deadline; with longer ones where it ended before it came to what is expected of it, and more often
 * where it passed: a machine that is slower than the flaw hides it.
 */
async function patiently(
  pair: VerifiedPair,
  each: Case,
  deadlineMs: number,
  expected: RegExp,
): Promise<CaseResult> {
  for (let attempt = 1; ; attempt++) {
    const result = await verifyCase(pair, each, { deadlineMs: [deadlineMs, 4_000][attempt - 1] ?? 20_000 })
    const caught = result.state === 'failed' && expected.test(result.detail)
    if (caught || attempt >= (result.state === 'passed' ? 10 : 3)) return result
  }
}

describe('verify', () => {
  const failing = brokenPairs[0]?.pair ?? sound
  const failingCase = brokenPairs[0]?.caughtBy[0] ?? ''
  const deviating = (pair: VerifiedPair, deviations: Record<string, string>): VerifiedPair => ({
    ...pair,
    server: { ...pair.server, deviations },
  })
  const one = (name: string): VerifyOptions => ({
    cases: cases.filter(each => each.name === name),
    deadlineMs: 400,
  })

  test('gives every case a name of its own', () => {
    assert.equal(new Set(cases.map(({ name }) => name)).size, cases.length)
  })

  test('reports each result as it comes, in the order of the cases', async () => {
    const told: string[] = []
    const few = cases.slice(0, 3)
    const results = await verify(sound, { cases: few, onResult: result => told.push(result.case) })
    assert.deepEqual(
      results.map(({ case: name, state, detail }) => ({ name, state, detail })),
      few.map(({ name }) => ({ name, state: 'passed', detail: '' })),
    )
    assert.deepEqual(
      told,
      few.map(({ name }) => name),
    )
  })

  test('reports a recorded deviation with its reason', async () => {
    const pair = deviating(failing, { [failingCase]: 'the medium cannot do it' })
    const [result] = await verify(pair, one(failingCase))
    assert.equal(result?.state, 'deviates')
    assert.match(result?.detail ?? '', /^the medium cannot do it \(.*expected .*, got/)
  })

  test('fails a recorded deviation that no longer holds', async () => {
    const pair = deviating(sound, { [failingCase]: 'the medium cannot do it' })
    const [result] = await verify(pair, one(failingCase))
    assert.equal(result?.state, 'failed')
    assert.equal(result?.detail, 'recorded deviation no longer holds: the medium cannot do it')
  })

  test('exempts a pair by what it declares, and fails a deviation for what it is exempt from', async () => {
    const name = 'stalled reader is dropped'
    const pair: VerifiedPair = { ...sound, server: { ...sound.server, settings: {} } }
    const [exempt] = await verify(pair, one(name))
    assert.deepEqual([exempt?.state, exempt?.detail], ['exempt', 'the server declares no setting `stall`'])
    const [failed] = await verify(deviating(pair, { [name]: 'no timer' }), one(name))
    assert.equal(failed?.state, 'failed')
  })

  test('says with a failure what was required and what to look at first', async () => {
    const [result] = await verify(failing, one(failingCase))
    assert.match(result?.about ?? '', /^a thousand events/)
    assert.match(result?.advice ?? '', /\w+ \w+/)
  })

  test('fails a deviation that is recorded for no case', async () => {
    const results = await verify(deviating(sound, { 'burst of 1000': 'misspelt' }), { cases: [] })
    assert.deepEqual(
      results.map(({ case: name, state }) => [name, state]),
      [['burst of 1000', 'failed']],
    )
  })
})
