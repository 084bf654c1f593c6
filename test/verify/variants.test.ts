/** Every technique of the registry against the conformance suite at other values than its defaults. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Settings, SettingValue } from '../../model/settings.ts'
import { slowReaderCases } from '../../verify/cases/slow-reader-cases.ts'
import { type Case, type VerifiedPair, type VerifyOptions, verify } from '../../verify/suite.ts'
import { deadlineOf, pairs } from './pairs.ts'
import { casesWithPayloadsTogether as cases } from './payloads-together.ts'

/**
 * Slow readers take a second for each case. A closed list of words that changes how bytes are written to a connection
 * is compression alone; caches, for one, are never asked by these cases.
 */
const withoutSlowReaders = cases.filter(each => !slowReaderCases.some(({ name }) => name === each.name))

// Node 26.10 may not end by itself after these: its clean-up waits for a request on a connection that was reset.
process.once('exit', () => process.exit())

for (const pair of pairs) {
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

/**
 * The ways to run a pair besides its defaults: each word of a closed list, and the other set of headers. What changes
 * the client alone needs no case that looks at the server alone.
 */
function variants({ server, client }: VerifiedPair): [string, VerifyOptions][] {
  const ofPair = cases.filter(({ serverOnly }) => serverOnly !== true)
  const variant =
    (own: readonly Case[]) =>
    (each: Alternative): [string, VerifyOptions] => [each.name, { settings: each.settings, cases: own }]
  const { compression, ...others } = server.settings
  const both = new Map([
    ...alternatives(client.settings).map(variant(ofPair)),
    ...alternatives(others).map(variant(withoutSlowReaders)),
    ...alternatives(compression === undefined ? {} : { compression }).map(variant(cases)),
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
