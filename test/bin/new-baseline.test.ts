/** `compare --new-baseline`: where there is nothing to compare with, it says why and passes; nothing else changes. */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { ciSystems } from '../../bin/ci.ts'
import type { Result } from '../../results/result.ts'
import { runs, ten, withBytes } from '../compare/results.ts'
import { measurementOf, resultOf } from '../reports/fixture.ts'
import { junitProblems } from '../reports/junit-schema.ts'
import { cli, temporaryFolder } from './cli.ts'

const steady = withBytes(ten(200, 0.1))
const later = { startedAt: '2026-02-01T00:00:00.000Z', finishedAt: '2026-02-01T00:01:00.000Z' }
const withClients = (clients: number): Result => ({
  ...runs(10, run => ({ workload: { ...run.workload, clients } })),
  ...later,
})
const noSystem = Object.fromEntries(ciSystems.map(({ variable }) => [variable, '']))

/** Compares a head with a base, which may be missing, in the environment of a CI system. */
async function compared(
  context: TestContext,
  base: Result | string | null,
  head: Result,
  env: NodeJS.ProcessEnv = {},
) {
  const folder = temporaryFolder(context)
  const [outputs, summary] = [join(folder, 'outputs'), join(folder, 'summary')]
  for (const path of [outputs, summary]) writeFileSync(path, '')
  if (base !== null)
    writeFileSync(join(folder, 'base.json'), typeof base === 'string' ? base : JSON.stringify(base))
  writeFileSync(join(folder, 'head.json'), JSON.stringify(head))
  const ended = await cli(['compare', 'base.json', 'head.json', '--new-baseline', '--ci'], {
    cwd: folder,
    env: { ...noSystem, GITHUB_OUTPUT: outputs, GITHUB_STEP_SUMMARY: summary, ...env },
  })
  return { ...ended, folder, outputs: readFileSync(outputs, 'utf8'), summary: readFileSync(summary, 'utf8') }
}

const github = { GITHUB_ACTIONS: 'true' }

describe('compare --new-baseline', () => {
  const polling = { ...resultOf([measurementOf({ technique: 'polling' })]), ...later }
  const cases: readonly (readonly [string, Result | string | null, Result, RegExp])[] = [
    ['no base', null, steady, /there is no base\.json yet/],
    [
      'another workload',
      steady,
      withClients(7),
      /base\.json and head\.json differ in more than the code: workload\.clients is 100 in the base and 7 in the head/,
    ],
    [
      'another technique',
      steady,
      polling,
      /have no technique in common: the one has sse in steady, the other polling/,
    ],
    ['a base of another schema', JSON.stringify({ ...steady, schemaVersion: 9 }), steady, /schemaVersion 9/],
  ]
  for (const [what, base, head, why] of cases)
    test(`${what}: passes, and says why on the terminal, in the summary and in an output`, async context => {
      const { code, stdout, stderr, outputs, summary } = await compared(context, base, head, github)
      assert.equal(code, 0, stderr)
      assert.match(stderr, new RegExp(`^a new baseline begins: nothing was compared: .*${why.source}`, 'm'))
      assert.match(stdout, /^::notice title=pushbench%3A a new baseline begins::nothing was compared: /)
      assert.match(summary, /^## pushbench: a new baseline begins\n\nNothing was compared: .+\.\n/)
      assert.match(outputs, /^new-baseline=.+\n$/)
      assert.match(outputs, why)
    })

  test('on a system that reads JUnit: one skipped case', async context => {
    const { code, folder } = await compared(context, steady, withClients(7), { GITLAB_CI: 'true' })
    assert.equal(code, 0)
    const xml = readFileSync(join(folder, 'pushbench-results/junit.xml'), 'utf8')
    assert.deepEqual(junitProblems(xml), [])
    assert.match(xml, /<skipped>nothing was compared: .*workload\.clients is 100/)
  })

  for (const [what, base, said] of [
    ['an empty file', '', /base\.json is empty/],
    ['a file that was cut off', JSON.stringify(steady).slice(0, 900), /base\.json is not complete JSON/],
    ['a page of HTML', '<!doctype html><title>404</title>', /base\.json is not complete JSON/],
    ['JSON of another tool', '{"results":[]}', /base\.json was not written by pushbench/],
    [
      'a result without its measurements',
      '{"tool":{"name":"pushbench"},"schemaVersion":1}',
      /breaks schema 1/,
    ],
  ] as const)
    test(`${what} is no base to replace: exit 2 with one sentence`, async context => {
      const { code, stdout, stderr, outputs, summary } = await compared(context, base, steady, github)
      assert.equal(code, 2, stderr)
      assert.match(stderr, said)
      assert.equal(stderr.trim().split('\n').length, 1, stderr)
      assert.doesNotMatch(stdout + outputs + summary, /new baseline/)
    })

  test('what can be compared is compared, and a base that was measured later is refused', async context => {
    const worse = { ...withBytes(ten(220, 0.1)), ...later }
    const regressed = await compared(context, steady, worse, github)
    assert.equal(regressed.code, 3)
    assert.match(regressed.outputs, /^verdict=regressed\n/)
    const swapped = await compared(context, worse, steady, github)
    assert.equal(swapped.code, 2)
    assert.match(swapped.stderr, /give the older result first/)
  })
})
