/** The baseline that the action stores by itself, what it does with runs that failed, and its comment. */
import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { baselineKey } from '../compare/baseline-key.ts'
import type { Result } from '../results/result.ts'
import { type Caches, type Outcome, readAction, runJob } from './action-job.ts'
import { launcher, temporaryFolder } from './bin/cli.ts'
import { runs, ten, withBytes } from './compare/results.ts'

const action = readAction(join(import.meta.dirname, '../action.yml'))
const bin = `"${process.execPath}" "${launcher}"`

/** A program that has measured what it is given: `run` ends with a code, every other command is the real one. */
function measured(folder: string, result: Result, code = 0): string {
  mkdirSync(folder, { recursive: true })
  const [program, stored] = [join(folder, 'measured'), join(folder, 'measured.json')]
  writeFileSync(stored, JSON.stringify(result))
  const lines = [
    `[ "$1" = run ] || exec ${bin} "$@"`,
    'while [ "$1" != --output ]; do shift; done',
    `cp '${stored}' "$2/results.json"`,
    `printf '## pushbench: what it found\\n\\nfailed: ${code}\\n\\n### Latency\\n\\nmuch\\n' >> "$GITHUB_STEP_SUMMARY"`,
    `echo baseline-key=${baselineKey(result)} >> "$GITHUB_OUTPUT"`,
    `exit ${code}`,
  ]
  writeFileSync(program, `#!/bin/sh\n${lines.join('\n')}\n`)
  chmodSync(program, 0o755)
  return `"${program}"`
}

const at = (result: Result, month: number): Result => ({
  ...result,
  startedAt: `2026-0${month}-01T00:00:00.000Z`,
  finishedAt: `2026-0${month}-01T00:01:00.000Z`,
})
const sent = (bytes: number, month: number): Result => at(withBytes(ten(bytes, 0.1)), month)
const withClients = (clients: number, month: number): Result =>
  at(
    runs(10, run => ({ workload: { ...run.workload, clients } })),
    month,
  )

/** The baselines that a push of each result has stored. */
const storedBy = (...results: readonly Result[]): Caches =>
  new Map(
    results.map((result, at) => [`pushbench/main/${baselineKey(result)}/0-${at}`, JSON.stringify(result)]),
  )

/** Jobs of one repository, one after the other. */
function repository(context: TestContext, caches: Caches = new Map()) {
  const folder = temporaryFolder(context)
  let count = 0
  const run = (
    result: Result,
    code: number,
    github: Readonly<Record<string, string>>,
    inputs = {},
  ): Outcome => {
    count++
    const place = join(folder, String(count))
    const program = measured(place, result, code)
    const id = { run_id: String(count) }
    return runJob({
      action,
      folder: place,
      inputs: { bin: program, ...inputs },
      github: { ...github, ...id },
      caches,
    })
  }
  const pullRequest = {
    event_name: 'pull_request',
    ref_name: '7/merge',
    base_ref: 'main',
    'event.pull_request.number': '7',
    server_url: 'https://github.example',
    repository: 'team/shop',
  }
  return {
    caches,
    push: (result: Result, code = 0, inputs = {}) => run(result, code, {}, inputs),
    pull: (result: Result, code = 0, inputs = {}) => run(result, code, pullRequest, inputs),
  }
}

describe('the stored baseline', () => {
  test('begins with the first push, is replaced by each that passes, and judges pull requests', context => {
    const { caches, push, pull } = repository(context)
    const first = push(sent(200, 1))
    assert.equal(first.code, 0, first.log)
    assert.deepEqual(Object.keys(first.artifacts), ['pushbench'], 'there is nothing to comment on')
    assert.match(first.outputs['new-baseline'] ?? '', /there is no .*baseline\.json yet/)
    assert.match(first.summary, /^Each push to `main` that passes stores its result as the next baseline\.$/m)
    assert.equal(caches.size, 1)
    const same = pull(sent(200, 2))
    assert.deepEqual([same.code, same.outputs['verdict']], [0, 'unchanged'], same.log)
    const worse = pull(sent(220, 2))
    assert.deepEqual(
      [worse.code, worse.outputs['verdict'], worse.outputs['regressed']],
      [3, 'regressed', '1'],
    )
    assert.equal(caches.size, 1, 'a pull request stores nothing')
    assert.equal(push(sent(201, 3)).code, 0)
    assert.equal(caches.size, 2)
    const stored = JSON.parse([...caches.values()].at(-1) ?? '') as Result
    assert.equal(stored.startedAt, sent(201, 3).startedAt)
  })

  test('is not replaced by a push that regressed, had an invalid run or missed a threshold', context => {
    const { caches, push } = repository(context, storedBy(sent(200, 1)))
    assert.equal(push(sent(220, 2)).code, 3)
    assert.equal(push(sent(200, 3), 4).code, 4)
    assert.equal(push(sent(200, 4), 99).code, 99)
    assert.equal(caches.size, 1)
  })

  test('begins anew where the workload changed, with the sentence, and then judges again', context => {
    const { push, pull } = repository(context, storedBy(withClients(100, 1)))
    const changed = pull(withClients(200, 2))
    assert.equal(changed.code, 0, changed.log)
    assert.match(
      changed.outputs['new-baseline'] ?? '',
      /workload\.clients is 100 in the base and 200 in the head/,
    )
    assert.equal(push(withClients(200, 3)).code, 0)
    assert.equal(pull(withClients(200, 4)).outputs['verdict'], 'unchanged')
    // What was open before the change finds the baseline of its own workload.
    assert.equal(pull(withClients(100, 5)).outputs['verdict'], 'unchanged')
  })

  test('has a name: another begins anew, after a regression that was meant', context => {
    const { push, pull } = repository(context, storedBy(sent(200, 1)))
    const meant = { 'baseline-name': 'pushbench-2' }
    assert.equal(push(sent(220, 2), 0, meant).outputs['verdict'], '')
    assert.equal(pull(sent(220, 3), 0, meant).outputs['verdict'], 'unchanged')
    assert.equal(pull(sent(220, 3)).outputs['verdict'], 'regressed')
  })
})

describe('a run that failed', () => {
  test('is compared all the same, and a regression outweighs it', context => {
    const { pull } = repository(context, storedBy(sent(200, 1)))
    const unchanged = pull(sent(200, 2), 4)
    assert.deepEqual([unchanged.code, unchanged.outputs['verdict']], [4, 'unchanged'], unchanged.log)
    const worse = pull(sent(220, 2), 99)
    assert.deepEqual([worse.code, worse.outputs['verdict']], [3, 'regressed'])
  })

  test('that never measured ends the job at once', context => {
    const { codes } = repository(context).push(sent(200, 1), 2)
    assert.deepEqual(codes, { 'Find pushbench': 0, Measure: 2 })
  })
})

describe('the comment on a pull request', () => {
  const commentOf = ({ artifacts }: Outcome): string =>
    readFileSync(join(artifacts['pushbench-comment'] ?? '', 'comment.md'), 'utf8')

  test('is an artifact with the number, the verdict, what was measured, and the way to the run', context => {
    const { pull } = repository(context, storedBy(sent(200, 1)))
    const worse = pull(sent(220, 2))
    assert.deepEqual(Object.keys(worse.artifacts), ['pushbench', 'pushbench-comment'])
    assert.equal(
      readFileSync(join(worse.artifacts['pushbench-comment'] ?? '', 'pull-request'), 'utf8'),
      '7\n',
    )
    const comment = commentOf(worse)
    assert.match(comment, /^## pushbench: regressed\n[\s\S]*\| sse \| egress\.perDelivery \|/)
    assert.match(comment, /<details><summary>What was measured<\/summary>\n\n## pushbench: what it found/)
    assert.match(comment, /\[.*\]\(https:\/\/github\.example\/team\/shop\/actions\/runs\/1\)\n$/)
  })

  test('begins with what failed, where the comparison does not say it', context => {
    const { pull } = repository(context, storedBy(sent(200, 1)))
    const comment = commentOf(pull(sent(200, 2), 99))
    assert.match(comment, /^## pushbench: what it found\n\nfailed: 99\n\n## pushbench: unchanged\n/)
  })

  test('says that a new baseline begins', context => {
    const comment = commentOf(repository(context).pull(sent(200, 2)))
    assert.match(
      comment,
      /^## pushbench: a new baseline begins\n\nNothing was compared: .*\n\n?Each push to `main`/,
    )
  })

  test('leaves out what GitHub would not take', context => {
    const techniques = Array.from({ length: 300 }, (_, index) => `technique-${index}`)
    const [run] = sent(200, 1).measurements
    const many = (month: number): Result =>
      at(
        {
          ...sent(200, 1),
          measurements: techniques.flatMap(name => (run ? { ...run, technique: name } : [])),
        },
        month,
      )
    const outcome = repository(context, storedBy(many(1))).pull(many(2))
    assert.ok(statSync(join(outcome.folder, 'pushbench-results/action/comparison.md')).size > 60_000)
    const comment = commentOf(outcome)
    assert.ok(comment.length < 60_000)
    assert.match(comment, /What was measured[\s\S]*\[Log, reports and numbers of this run\]/)
  })
})
