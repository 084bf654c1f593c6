/** The steps of action.yml as shell, with the files and variables that a runner of GitHub Actions gives them. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { type Context, evaluated, isWanted, readYaml } from './action-file.ts'
import { temporaryFolder } from './bin/cli.ts'

const root = join(import.meta.dirname, '..')
const source = readFileSync(join(root, 'action.yml'), 'utf8')

interface Step {
  readonly name: string
  readonly id?: string
  readonly if?: string
  readonly run?: string
  readonly shell?: string
  readonly uses?: string
  readonly env?: Readonly<Record<string, string>>
}
interface Action {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>
  readonly outputs: Readonly<Record<string, { readonly description: string; readonly value: string }>>
  readonly runs: { readonly using: string; readonly steps: readonly Step[] }
}
const action = readYaml(source) as unknown as Action

/** What the job left behind. */
interface Job {
  readonly folder: string
  /** The exit code of each step that ran. */
  readonly codes: Readonly<Record<string, number | null>>
  readonly outputs: Context
  readonly summary: string
  readonly log: string
}

const tiny = `-t sse -c 2 -R 50/s -d 200ms -W 50ms`

/** Runs the steps until one fails, as a runner does. */
function job(folder: string, inputs: Readonly<Record<string, string>>): Job {
  const context: Record<string, string> = Object.fromEntries(
    Object.entries(action.inputs).map(([name, input]) => [`inputs.${name}`, inputs[name] ?? input.default]),
  )
  const [summary, outputs] = [join(folder, 'summary.md'), join(folder, 'step-outputs')]
  writeFileSync(summary, '')
  const codes: Record<string, number | null> = {}
  let log = ''
  for (const { name, run, id, env = {}, if: condition } of action.runs.steps) {
    if (run === undefined || !isWanted(condition, context)) continue
    writeFileSync(outputs, '')
    const script = join(folder, 'step.sh')
    writeFileSync(script, run)
    const result = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', script], {
      cwd: folder,
      encoding: 'utf8',
      env: {
        ...process.env,
        GITHUB_ACTIONS: 'true',
        GITHUB_OUTPUT: outputs,
        GITHUB_STEP_SUMMARY: summary,
        ...Object.fromEntries(Object.entries(env).map(([key, value]) => [key, evaluated(value, context)])),
      },
    })
    log += result.stdout + result.stderr
    codes[name] = result.status
    for (const line of readFileSync(outputs, 'utf8').split('\n').filter(Boolean))
      context[`steps.${id}.outputs.${line.split('=')[0]}`] = line.slice(line.indexOf('=') + 1)
    if (result.status !== 0) break
  }
  const values = Object.entries(action.outputs).map(([name, { value }]) => [name, evaluated(value, context)])
  return { folder, codes, outputs: Object.fromEntries(values), summary: readFileSync(summary, 'utf8'), log }
}

const bin = `"${process.execPath}" "${join(root, 'bin/launch.js')}"`
const inFolder = (context: TestContext, inputs: Readonly<Record<string, string>>): Job =>
  job(temporaryFolder(context), { bin, args: tiny, ...inputs })

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
    const upload = action.runs.steps.at(-1)
    assert.match(upload?.uses ?? '', /^actions\/upload-artifact@v\d+$/)
    assert.match(upload?.if ?? '', /!cancelled\(\)/)
  })
})

describe('the steps', () => {
  test('without a baseline they measure, write the summary, and compare nothing', context => {
    const { folder, codes, outputs, summary, log } = inFolder(context, {})
    assert.deepEqual(codes, { 'Find pushbench': 0, Measure: 0 }, log)
    assert.deepEqual(outputs, {
      results: 'pushbench-results/action/results.json',
      report: 'pushbench-results/action/report.html',
      passed: 'true',
      verdict: '',
      regressed: '',
      inconclusive: '',
    })
    assert.ok(existsSync(join(folder, outputs['results'] ?? '')))
    assert.match(summary, /^## pushbench: .*\n[\s\S]*\| sse \|/)
  })

  test('a baseline that is not there is said, and passes', context => {
    const { codes, outputs, summary, log } = inFolder(context, { baseline: 'no/such.json' })
    assert.equal(codes['Compare'], 0, log)
    assert.match(log, /^::notice title=pushbench::there is no baseline at no\/such\.json/m)
    assert.match(summary, /No baseline at `no\/such\.json`: nothing was compared\./)
    assert.equal(outputs['verdict'], '')
  })

  test('a baseline is compared with; too few runs are inconclusive, which fails only where the gate is strict', context => {
    const { folder, outputs } = inFolder(context, { output: 'first' })
    const baseline = outputs['results'] ?? ''
    const lenient = job(folder, { bin, args: tiny, baseline })
    assert.equal(lenient.codes['Compare'], 0, lenient.log)
    assert.equal(lenient.outputs['verdict'], 'inconclusive')
    assert.match(
      lenient.summary,
      /^> \[!WARNING\]\n> - .*can never show a difference[\s\S]*^## pushbench: inconclusive$/m,
    )
    assert.ok(existsSync(join(folder, 'pushbench-results/action/comparison.html')))
    const strict = job(folder, { bin, args: tiny, baseline, 'compare-args': '--strict' })
    assert.equal(strict.codes['Compare'], 5, strict.log)
  })

  test('quotes group the words of a flag, and a threshold that is not met fails the step', context => {
    const { codes, outputs, log } = inFolder(context, {
      args: `${tiny} --threshold 'events.delivered == 0' --threshold "events.lost == 0"`,
      baseline: 'no/such.json',
    })
    assert.deepEqual(codes, { 'Find pushbench': 0, Measure: 99 }, log)
    assert.equal(outputs['passed'], 'false')
    assert.match(log, /^::error title=threshold failed::events\.delivered == 0/m)
  })

  test('words are never run, and a quote without its end fails before anything is measured', context => {
    const { folder, codes } = inFolder(context, { args: '-t $(touch ran) ; touch ran' })
    assert.equal(codes['Measure'], 2)
    assert.equal(existsSync(join(folder, 'ran')), false)
    assert.notEqual(inFolder(context, { args: `${tiny} --threshold 'events` }).codes['Measure'], 0)
  })
})
