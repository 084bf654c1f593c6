/** A job of GitHub Actions that uses the action: its steps as shell, with the files, contexts and stores of a runner. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Context, evaluated, isWanted, readYaml, runsAfterFailure } from './action-file.ts'

/** A step, of the action or of a workflow. */
export interface Step {
  readonly name: string
  readonly id?: string
  readonly if?: string
  readonly run?: string
  readonly shell?: string
  readonly uses?: string
  readonly env?: Readonly<Record<string, string>>
  readonly with?: Readonly<Record<string, string>>
}

/** The file `action.yml`. */
export interface Action {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>
  readonly outputs: Readonly<Record<string, { readonly description: string; readonly value: string }>>
  readonly runs: { readonly using: string; readonly steps: readonly Step[] }
}

/** Reads an `action.yml`. */
export const readAction = (path: string): Action => readYaml(readFileSync(path, 'utf8')) as unknown as Action

/** What one job leaves to the next: caches by their keys in the order in which they were saved. */
export type Caches = Map<string, string>

/** A job. */
export interface Job {
  readonly action: Action
  /** The working directory. */
  readonly folder: string
  /** Inputs of the action that are given. */
  readonly inputs?: Context
  /** Of the `github` context, without its name: `event_name`, `ref_name` ... */
  readonly github?: Context
  /** None are kept by default. */
  readonly caches?: Caches
  readonly env?: NodeJS.ProcessEnv
}

/** What the job left behind. */
export interface Outcome {
  readonly folder: string
  /** The exit code of each shell step that ran. */
  readonly codes: Readonly<Record<string, number | null>>
  /** The exit code of the step that failed first; 0 for none. */
  readonly code: number | null
  readonly outputs: Context
  readonly summary: string
  readonly log: string
  /** The folders that were uploaded, by the names of the artifacts. */
  readonly artifacts: Readonly<Record<string, string>>
}

const push: Context = { event_name: 'push', ref_name: 'main', run_id: '1', run_attempt: '1' }

/** The stored baseline of a job, where the action has it. */
const restored = (caches: Caches, step: Context): string | undefined => {
  const prefixes = [step['key'] ?? '', ...(step['restore-keys'] ?? '').split('\n').filter(Boolean)]
  // The newest that begins with the first prefix that any begins with.
  return prefixes.flatMap(prefix => [...caches.keys()].filter(key => key.startsWith(prefix)).reverse())[0]
}

/** Runs the steps as a runner does: after one failed, those alone that want to. */
export function runJob({
  action,
  folder,
  inputs = {},
  github = push,
  caches = new Map(),
  env,
}: Job): Outcome {
  const temp = join(folder, '.runner')
  mkdirSync(temp, { recursive: true })
  const context: Record<string, string> = Object.fromEntries([
    ...Object.entries(action.inputs).map(([name, input]) => [
      `inputs.${name}`,
      inputs[name] ?? input.default,
    ]),
    ...Object.entries({ ...push, ...github }).map(([name, value]) => [`github.${name}`, value]),
    ['runner.temp', temp],
  ])
  const evaluate = (values: Context = {}): Context =>
    Object.fromEntries(Object.entries(values).map(([name, text]) => [name, evaluated(text, context)]))
  const codes: Record<string, number | null> = {}
  const artifacts: Record<string, string> = {}
  let [code, log, summary]: [number | null, string, string] = [0, '', '']

  const shell = (step: Step, script: string): void => {
    const [summaryFile, outputs] = [join(temp, 'summary.md'), join(temp, 'outputs')]
    for (const path of [summaryFile, outputs]) writeFileSync(path, '')
    const file = join(temp, 'step.sh')
    writeFileSync(file, script)
    const result = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', file], {
      cwd: folder,
      encoding: 'utf8',
      env: {
        ...process.env,
        ...env,
        GITHUB_ACTIONS: 'true',
        GITHUB_OUTPUT: outputs,
        GITHUB_STEP_SUMMARY: summaryFile,
        ...evaluate(step.env),
      },
    })
    log += result.stdout + result.stderr
    summary += readFileSync(summaryFile, 'utf8')
    codes[step.name] = result.status
    if (code === 0) code = result.status
    for (const line of readFileSync(outputs, 'utf8').split('\n').filter(Boolean))
      context[`steps.${step.id}.outputs.${line.split('=')[0]}`] = line.slice(line.indexOf('=') + 1)
  }
  const use = (step: Step, name: string): void => {
    const given = evaluate(step.with)
    const [key = '', path = ''] = [given['key'], given['path']]
    if (name === 'actions/cache/restore@v4') {
      const found = restored(caches, given)
      context[`steps.${step.id}.outputs.cache-matched-key`] = found ?? ''
      if (found !== undefined) writeFileSync(path, caches.get(found) ?? '')
    } else if (name === 'actions/cache/save@v4') {
      // A key is written once.
      if (!caches.has(key)) caches.set(key, readFileSync(path, 'utf8'))
    } else if (name === 'actions/upload-artifact@v4') {
      artifacts[given['name'] ?? ''] = join(folder, path)
    } else throw new Error(`nothing stands for ${name}`)
  }
  for (const step of action.runs.steps) {
    if (code !== 0 && !runsAfterFailure(step.if)) continue
    if (!isWanted(step.if, context)) continue
    if (step.run !== undefined) shell(step, step.run)
    else if (step.uses !== undefined) use(step, step.uses)
  }
  const outputs = Object.fromEntries(
    Object.entries(action.outputs).map(([name, { value }]) => [name, evaluated(value, context)]),
  )
  return { folder, codes, code, outputs, summary, log, artifacts }
}
