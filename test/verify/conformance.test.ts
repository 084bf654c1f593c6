/**
 * Every technique of the registry against the conformance suite; and the suite against pairs that are broken
 * on purpose, because a suite that finds nothing in those would find nothing anywhere.
 */

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { clients } from '../../clients/index.ts'
import type { Settings, SettingValue } from '../../model/settings.ts'
import type { ClientTechnique, ServerTechnique } from '../../model/technique.ts'
import { servers } from '../../servers/index.ts'
import {
  type Case,
  cases,
  type VerifiedPair,
  type VerifyOptions,
  verify,
  verifyCase,
} from '../../verify/suite.ts'
import { brokenPairs } from './broken-pairs.ts'
import { sound } from './flaws.ts'

const pairs: readonly VerifiedPair[] = Object.entries(servers).map(([technique, server]) => {
  const clientAdapters: Record<string, ClientTechnique> = clients
  const client = clientAdapters[technique]
  if (client === undefined) throw new Error(`${technique} has no client adapter`)
  return { technique, server: server as ServerTechnique, client }
})

/** A busy machine takes long; what is known not to come about need not be waited for. */
const deadlineOf = ({ server }: VerifiedPair): VerifyOptions =>
  server.deviations === undefined ? { deadlineMs: 20_000 } : {}

for (const pair of pairs) {
  describe(`${pair.technique} conforms`, () => {
    for (const each of cases) {
      test(each.name, async t => {
        const { state, detail } = await verifyCase(pair, each, deadlineOf(pair))
        if (state === 'deviates' || state === 'exempt') t.diagnostic(`${state}: ${detail}`)
        assert.notEqual(state, 'failed', detail)
      })
    }
  })

  for (const [name, options] of variants(pair)) {
    test(`${pair.technique} conforms with ${name}`, async () => {
      const results = await verify(pair, { ...options, ...deadlineOf(pair) })
      assert.deepEqual(
        results.filter(({ state }) => state === 'failed'),
        [],
      )
    })
  }
}

/** A case that measures the memory of this process, so that nothing else may run meanwhile. */
const measuresMemory = (name: string): boolean => name === 'stalled reader'

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
    } of brokenPairs) {
      for (const name of caughtBy.filter(each => measuresMemory(each) === alone)) {
        test(`${flaw}, by "${name}"`, async () => {
          const each = cases.find(candidate => candidate.name === name)
          assert.ok(each, `there is a case "${name}"`)
          const { state, detail } = await verifyCase(pair, each, { deadlineMs })
          assert.equal(state, 'failed')
          assert.match(detail, expected)
        })
      }
    }
  })
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
    const reported: string[] = []
    const few = cases.slice(0, 3)
    const results = await verify(sound, { cases: few, onResult: result => reported.push(result.case) })
    assert.deepEqual(
      results.map(({ case: name, state, detail }) => ({ name, state, detail })),
      few.map(({ name }) => ({ name, state: 'passed', detail: '' })),
    )
    assert.deepEqual(
      reported,
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

/**
 * Ways to run a pair other than its defaults: each word of a closed list, and the other set of headers. What changes
 * the client alone needs no case that looks at the server alone.
 */
function variants({ server, client }: VerifiedPair): [string, VerifyOptions][] {
  const ofPair = cases.filter(({ serverOnly }) => serverOnly !== true)
  const variant =
    (own: readonly Case[]) =>
    (each: Alternative): [string, VerifyOptions] => [each.name, { settings: each.settings, cases: own }]
  const both = new Map([
    ...alternatives(client.settings).map(variant(ofPair)),
    ...alternatives(server.settings).map(variant(cases)),
  ])
  return [['minimal headers', { headers: 'minimal', cases: ofPair }], ...both]
}

/** A setting at another value than its default. */
interface Alternative {
  readonly name: string
  readonly settings: Record<string, SettingValue>
}

/** Every value of the settings that take one of a list, but for the defaults. */
function alternatives(declared: Settings): Alternative[] {
  return Object.entries(declared).flatMap(([name, setting]) =>
    setting.form
      .split(' | ')
      .filter((_, __, words) => words.length > 1)
      .map(word => setting.parse(word))
      .flatMap(parsed => ('value' in parsed && parsed.value !== setting.fallback ? [parsed.value] : []))
      .map(value => ({ name: `${name} ${setting.format(value)}`, settings: { [name]: value } })),
  )
}
