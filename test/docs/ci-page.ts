/** The examples of docs/ci.md, as a reader copies them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readYaml, type Yaml } from '../action-file.ts'
import type { Step } from '../action-job.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/ci.md'), 'utf8')

/** The fenced blocks of a language, without their fences. */
export const blocksOf = (language: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    ([, text = '']) => text,
  )

type Mapping = Readonly<Record<string, Yaml>>

/** One workflow, and the part of its only job that matters here. */
export interface Workflow {
  readonly file: string
  readonly steps: readonly Step[]
  /** What it gives to the action of pushbench; empty where it does not use it. */
  readonly with: Readonly<Record<string, string>>
  readonly content: Mapping
}

/** The action of an installed pushbench. */
export const installedAction = './node_modules/pushbench'

/** A workflow by its name. @throws where the page has none of that name */
export function workflowOf(name: string): Workflow {
  for (const source of blocksOf('yaml')) {
    const content = readYaml(source) as Mapping
    if (content['name'] !== name) continue
    const [job] = Object.values(content['jobs'] as Mapping)
    const steps = (job as unknown as { steps: Step[] }).steps
    const action = steps.find(({ uses }) => uses === installedAction)
    return { file: source.split('\n', 1)[0] ?? '', steps, with: action?.with ?? {}, content }
  }
  throw new Error(`docs/ci.md has no workflow "${name}"`)
}
