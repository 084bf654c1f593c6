/** The steps of action.yml as shell, with the files, variables and stores that a runner of GitHub Actions gives them. */
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { type Outcome, readAction, runJob } from './action-job.ts'
import { temporaryFolder } from './bin/cli.ts'

const root = join(import.meta.dirname, '..')
const source = readFileSync(join(root, 'action.yml'), 'utf8')
const action = readAction(join(root, 'action.yml'))

const tiny = `-t sse -c 2 -R 50/s -d 200ms -W 50ms`
const bin = `"${process.execPath}" "${join(root, 'bin/launch.js')}"`
const job = (folder: string, inputs: Readonly<Record<string, string>>): Outcome =>
  runJob({ action, folder, inputs: { bin, args: tiny, baseline: 'none', ...inputs } })
const inFolder = (context: TestContext, inputs: Readonly<Record<string, string>>): Outcome =>
  job(temporaryFolder(context), inputs)

describe('action.yml', () => {
  test('documents every input and output, and names none that does not exist', () => {
    for (const [name, { description }] of Object.entries({ ...action.inputs, ...action.outputs }))
      assert.match(description, /^\S.{15,}[^.\s]$/, name)
    const used = new Set([...source.matchAll(/\binputs\.([\w-]+)/g)].map(match => match[1]))
    assert.deepEqual([...used].toSorted(), Object.keys(action.inputs).toSorted())
    const ids = action.runs.steps.flatMap(({ id }) => id ?? [])
    for (const [, id = ''] of source.matchAll(/\bsteps\.([\w-]+)/g)) assert.ok(ids.includes(id), id)
  })

  test('lets no input into a script but by its environment', () => {
    assert.equal(action.runs.using, 'composite')
    for (const { name, run, shell } of action.runs.steps.filter(step => step.run !== undefined)) {
      assert.equal(shell, 'bash', name)
      assert.doesNotMatch(run ?? '', /\$\{\{/, name)
    }
  })

  test('uploads the report also when the gate failed', () => {
    const upload = action.runs.steps.find(({ name }) => name === 'Upload the report')
    assert.match(upload?.uses ?? '', /^actions\/upload-artifact@v\d+$/)
    assert.match(upload?.if ?? '', /!cancelled\(\)/)
  })
})

describe('the steps', () => {
  test('without a baseline they measure, write the summary, and compare nothing', context => {
    const { folder, codes, outputs, summary, log } = inFolder(context, {})
    assert.deepEqual(codes, { 'Find pushbench': 0, Measure: 0, Judge: 0 }, log)
    assert.deepEqual(outputs, {
      results: 'pushbench-results/action/results.json',
      report: 'pushbench-results/action/report.html',
      passed: 'true',
      thresholds: '',
      verdict: '',
      regressed: '',
      inconclusive: '',
      'new-baseline': '',
    })
    assert.ok(existsSync(join(folder, outputs['results'] ?? '')))
    assert.match(summary, /^## pushbench: .*\n[\s\S]*\| sse \|/)
  })

  test('a baseline that is not there is said, and passes', context => {
    const { codes, outputs, summary, log } = inFolder(context, { baseline: 'no/such.json' })
    assert.equal(codes['Compare'], 0, log)
    assert.match(log, /^::notice title=pushbench%3A a new baseline begins::.*there is no no\/such\.json yet/m)
    assert.match(summary, /Nothing was compared: there is no no\/such\.json yet\./)
    assert.deepEqual([outputs['verdict'], outputs['new-baseline']], ['', 'there is no no/such.json yet'])
  })

  test('a baseline is compared with; too few runs are inconclusive, which fails only where the gate is strict', context => {
    const { folder, outputs } = inFolder(context, { output: 'first' })
    const baseline = outputs['results'] ?? ''
    const lenient = job(folder, { baseline })
    assert.equal(lenient.codes['Compare'], 0, lenient.log)
    assert.equal(lenient.outputs['verdict'], 'inconclusive')
    assert.match(
      lenient.summary,
      /^> \[!WARNING\]\n> - .*can never show a difference[\s\S]*^## pushbench: inconclusive$/m,
    )
    assert.ok(existsSync(join(folder, 'pushbench-results/action/comparison.html')))
    const strict = job(folder, { baseline, 'compare-args': '--strict' })
    assert.equal(strict.code, 5, strict.log)
  })

  test('quotes group the words of a flag, and a threshold that is not met fails the job', context => {
    const { codes, outputs, log } = inFolder(context, {
      args: `${tiny} --threshold 'events.delivered == 0' --threshold "events.lost == 0"`,
    })
    assert.deepEqual(codes, { 'Find pushbench': 0, Measure: 0, Judge: 99 }, log)
    assert.equal(outputs['passed'], 'false')
    assert.match(outputs['thresholds'] ?? '', /^events\.delivered == 0/)
    assert.match(log, /^::error title=threshold failed::events\.delivered == 0/m)
  })

  test('words are never run, and a quote without its end fails before anything is measured', context => {
    const { folder, codes } = inFolder(context, { args: '-t $(touch ran) ; touch ran' })
    assert.deepEqual(codes, { 'Find pushbench': 0, Measure: 2 })
    assert.equal(existsSync(join(folder, 'ran')), false)
    assert.notEqual(inFolder(context, { args: `${tiny} --threshold 'events` }).codes['Measure'], 0)
  })
})

test('where pushbench is not installed, it says what to do and installs nothing', context => {
  const { code, log, codes } = runJob({ action, folder: temporaryFolder(context) })
  assert.equal(code, 1)
  assert.deepEqual(codes, { 'Find pushbench': 1 })
  assert.match(
    log,
    /^::error title=pushbench is not installed::no folder from \S+ upwards has .*: add pushbench to the devDependencies and run npm ci/,
  )
  assert.doesNotMatch(source, /\bnpx\b/)
})

test('a program that is installed further up is found', context => {
  const folder = temporaryFolder(context)
  const [programs, workspace] = [join(folder, 'node_modules/.bin'), join(folder, 'packages/api')]
  for (const each of [programs, workspace]) mkdirSync(each, { recursive: true })
  writeFileSync(join(programs, 'pushbench'), '#!/bin/sh\necho "$0" > found\nexit 1\n', { mode: 0o755 })
  const { codes } = runJob({ action, folder: workspace })
  assert.equal(codes['Measure'], 1)
  assert.equal(readFileSync(join(workspace, 'found'), 'utf8'), `${join(programs, 'pushbench')}\n`)
})
