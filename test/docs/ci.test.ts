/** The examples of docs/ci.md: that they fit the action and the tool, and that the comment's workflow trusts nothing. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { type Configuration, configurationNames } from '../../plan/configuration.ts'
import { readOptions } from '../../plan/options.ts'
import { readYaml } from '../action-file.ts'
import { readAction, type Step } from '../action-job.ts'
import { temporaryFolder } from '../bin/cli.ts'
import { blocksOf, installedAction, workflowOf } from './ci-page.ts'

const action = readAction(join(import.meta.dirname, '../../action.yml'))

/** All that a step of the action is given, anywhere on the page. */
const uses = (content: unknown): Step[] => {
  if (typeof content !== 'object' || content === null) return []
  const inner = Object.values(content).flatMap(uses)
  return 'uses' in content && content.uses === installedAction ? [content as Step, ...inner] : inner
}

describe('the examples', () => {
  const steps = blocksOf('yaml')
    .filter(source => source.includes(installedAction))
    .flatMap(source => uses(readYaml(source)))

  test('give the action inputs that it has', () => {
    assert.equal(steps.length, 2)
    for (const name of steps.flatMap(step => Object.keys(step.with ?? {})))
      assert.ok(name in action.inputs, name)
  })

  test('have a configuration that measures a server of the user, with runs enough for a gate', () => {
    const [text = ''] = blocksOf('json')
    const options = JSON.parse(text) as Configuration
    for (const name of Object.keys(options)) assert.ok(configurationNames.includes(name), name)
    assert.equal(options.server, './server.ts')
    assert.equal(readOptions(options).runs, 10)
  })

  test('measure nothing of ours: no command names a technique', () => {
    for (const source of [...blocksOf('yaml'), ...blocksOf('sh')])
      assert.doesNotMatch(source, / -t |--technique/)
  })
})

const comment = workflowOf('push latency comment')

/** What GitHub holds, and what it was asked to change. */
interface GitHub {
  /** Files of the artifact; null for a run without one. */
  readonly artifact: Readonly<Record<string, string>> | null
  readonly head?: string
  readonly comments?: readonly { id: number; login: string; body: string }[]
  /** Of the artifact as GitHub states it. */
  readonly size?: number
}

/** Stands in for `gh api`: answers from files in its folder, with jq as gh has it built in, and writes down every change. */
const fakeGh = `#!/bin/bash
shift
method=GET filter=. body=
while [ $# -gt 0 ]; do case $1 in
  --jq) filter=$2; shift 2 ;; --method) method=$2; shift 2 ;; -F) body=\${2#body=@}; shift 2 ;;
  --paginate | --silent) shift ;; *) path=$1; shift ;;
esac; done
if [ -n "$body" ]; then [ "$method" = PATCH ] || method=POST; echo "$method $path" >> "$GH/changes"; cp "$body" "$GH/posted"; exit; fi
case $path in
  */zip) cat "$GH/artifact.zip" ;;
  */artifacts\\?name=pushbench-comment) jq -r "$filter" "$GH/artifacts.json" ;;
  */pulls/7) jq -r "$filter" "$GH/pull.json" ;;
  */issues/7/comments) jq -r "$filter" "$GH/comments.json" ;;
  *) echo "not found: $path" >&2; exit 1 ;;
esac
`

/** Runs the step that posts the comment. */
function post(context: TestContext, { artifact, head = 'abc', comments = [], size = 900 }: GitHub) {
  const folder = temporaryFolder(context)
  const [gh, work, files] = ['gh', 'work', 'files'].map(name => join(folder, name)) as [
    string,
    string,
    string,
  ]
  for (const path of [gh, work, files]) mkdirSync(path)
  writeFileSync(join(gh, 'gh'), fakeGh, { mode: 0o755 })
  for (const [name, text] of Object.entries(artifact ?? {})) writeFileSync(join(files, name), text)
  if (artifact !== null)
    spawnSync('zip', ['-q', join(gh, 'artifact.zip'), ...Object.keys(artifact)], { cwd: files })
  const answers = {
    artifacts: { artifacts: artifact === null ? [] : [{ id: 5, size_in_bytes: size }] },
    pull: { head: { sha: head } },
    comments: comments.map(({ id, login, body }) => ({ id, user: { login }, body })),
  }
  for (const [name, answer] of Object.entries(answers))
    writeFileSync(join(gh, `${name}.json`), JSON.stringify(answer))
  for (const name of ['changes', 'posted']) writeFileSync(join(gh, name), '')
  const [step] = comment.steps
  const { status, stdout, stderr } = spawnSync(
    'bash',
    ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step?.run ?? ''],
    {
      cwd: work,
      encoding: 'utf8',
      env: {
        PATH: `${gh}:${process.env['PATH']}`,
        GH: gh,
        REPOSITORY: 'team/shop',
        RUN: '12',
        HEAD: 'abc',
        ARTIFACT: step?.env?.['ARTIFACT'] ?? '',
      },
    },
  )
  const read = (name: string): string => readFileSync(join(gh, name), 'utf8')
  return { status, log: stdout + stderr, changes: read('changes'), posted: read('posted') }
}

const sound = { 'comment.md': '## pushbench: unchanged\n', 'pull-request': '7\n' }
const skip = ['zip', 'unzip', 'jq'].some(name => spawnSync(name, ['--help']).error !== undefined)
  ? 'zip, unzip or jq is not installed'
  : false

describe('the workflow of the comment', { skip }, () => {
  test('runs on the default branch for a pull request, and may write comments alone', () => {
    assert.deepEqual(comment.content['on'], {
      workflow_run: { workflows: ['push latency'], types: ['completed'] },
    })
    assert.deepEqual(comment.content['permissions'], { actions: 'read', 'pull-requests': 'write' })
    assert.equal(comment.steps.length, 1, 'no step checks anything out')
    // What an event holds gets into the script by variables alone.
    assert.doesNotMatch(comment.steps[0]?.run ?? '', /\$\{\{/)
  })

  test('adds the first comment', context => {
    const { status, log, changes, posted } = post(context, { artifact: sound })
    assert.equal(status, 0, log)
    assert.equal(changes, 'POST repos/team/shop/issues/7/comments\n')
    assert.equal(posted, '<!-- pushbench-comment -->\n## pushbench: unchanged\n')
  })

  test('renews its own, and leaves those of others that look alike', context => {
    const body = '<!-- pushbench-comment -->\nold'
    const comments = [
      { id: 1, login: 'someone', body },
      { id: 2, login: 'github-actions[bot]', body },
      { id: 3, login: 'github-actions[bot]', body: 'of another workflow' },
    ]
    const { changes } = post(context, { artifact: sound, comments })
    assert.equal(changes, 'PATCH repos/team/shop/issues/comments/2\n')
  })

  for (const [what, github, status, says] of [
    ['a run without the artifact', { artifact: null }, 0, /has no pushbench-comment/],
    ['an artifact that is too large', { artifact: sound, size: 70_000 }, 0, /at most 64 KiB/],
    ['a pull request with another head', { artifact: sound, head: 'def' }, 0, /has another head/],
    ['a number that is none', { artifact: { ...sound, 'pull-request': '7; touch ran' } }, 1, /names no pull/],
    [
      'a number that is too long',
      { artifact: { ...sound, 'pull-request': '77777777777777' } },
      1,
      /names no pull/,
    ],
    ['a path in place of a number', { artifact: { ...sound, 'pull-request': '7/../8' } }, 1, /names no pull/],
    ['an artifact without a number', { artifact: { 'comment.md': 'x' } }, 1, /names no pull/],
    ['an artifact without a comment', { artifact: { 'pull-request': '7' } }, 1, /is empty or longer/],
    [
      'a comment that unpacks to more than GitHub takes',
      { artifact: { ...sound, 'comment.md': 'x'.repeat(1_000_000) } },
      1,
      /is empty or longer/,
    ],
  ] as const)
    test(`posts nothing for ${what}`, context => {
      const outcome = post(context, github)
      assert.equal(outcome.changes, '')
      assert.equal(outcome.status, status, outcome.log)
      assert.match(outcome.log, says)
    })

  test('posts what the artifact says as it is, and runs nothing in it', context => {
    const { posted } = post(context, { artifact: { ...sound, 'comment.md': '$(touch ran) `touch ran`\n' } })
    assert.equal(posted, '<!-- pushbench-comment -->\n$(touch ran) `touch ran`\n')
  })
})
