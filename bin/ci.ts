/**
 * `--ci`: plain output, and what the surrounding CI system understands. A table lists the systems; one that is not
 * in it gets plain text only.
 */
import { appendFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Options } from 'yargs'
import { printable } from '../reports/markup.ts'
import { writeWhole } from './output.ts'

/** What a CI system can read. Both a result and a comparison have these formats. */
export type CiFormat = 'annotations' | 'markdown' | 'junit'

/** A system, found by a variable that it sets for every job. */
export interface CiSystem {
  readonly name: string
  readonly variable: string
  /** Lines among the output that the system reads. */
  readonly printed: readonly CiFormat[]
  /** Added to the file that a variable names. */
  readonly appended: readonly { readonly format: CiFormat; readonly variable: string }[]
  /** Written into the folder of the results, for a step or a setting of the system to pick up. */
  readonly written: readonly { readonly format: CiFormat; readonly fileName: string }[]
  /** The variable that names the file for `name=value` lines, which later steps can read; null without one. */
  readonly outputs: string | null
}

const readsJunit = (name: string, variable: string): CiSystem => ({
  name,
  variable,
  printed: [],
  appended: [],
  written: [{ format: 'junit', fileName: 'junit.xml' }],
  outputs: null,
})

/** Every system that is known. Forgejo and Gitea set GITHUB_ACTIONS too and read the same. */
export const ciSystems: readonly CiSystem[] = [
  {
    name: 'GitHub Actions',
    variable: 'GITHUB_ACTIONS',
    printed: ['annotations'],
    appended: [{ format: 'markdown', variable: 'GITHUB_STEP_SUMMARY' }],
    written: [],
    outputs: 'GITHUB_OUTPUT',
  },
  readsJunit('GitLab CI', 'GITLAB_CI'),
  readsJunit('Jenkins', 'JENKINS_URL'),
  readsJunit('Azure Pipelines', 'TF_BUILD'),
  readsJunit('CircleCI', 'CIRCLECI'),
  readsJunit('Bitbucket Pipelines', 'BITBUCKET_BUILD_NUMBER'),
  readsJunit('TeamCity', 'TEAMCITY_VERSION'),
]

/** Any other system: it reads the log and the exit code. */
const plain: CiSystem = {
  name: 'plain text',
  variable: '',
  printed: [],
  appended: [],
  written: [],
  outputs: null,
}

/** The flag. */
export const ciOptions = {
  ci: {
    type: 'boolean',
    describe:
      'plain output, and what the CI system reads: annotations, summary and outputs (GitHub), or junit.xml (GitLab, Jenkins, Azure and others)',
  },
} satisfies Record<string, Options>

/** The system that the environment is of; null where the command line does not ask for `--ci`. */
export function ciOf(
  args: Readonly<Record<string, unknown>>,
  env: NodeJS.ProcessEnv = process.env,
): CiSystem | null {
  if (args['ci'] !== true) return null
  const isSet = (name: string): boolean => !['', '0', 'false', undefined].includes(env[name]?.toLowerCase())
  return ciSystems.find(({ variable }) => isSet(variable)) ?? plain
}

/** What is passed on to the CI system. */
export interface CiNews {
  readonly render: (format: CiFormat) => string
  /** For later steps, by name. */
  readonly outputs: Readonly<Record<string, string>>
  /** Where files go. */
  readonly folder: string
  /** Takes what is printed. */
  readonly print: (text: string) => void
}

/**
 * Passes on what a system understands. A variable that should name a file and is not set is passed over: an older
 * runner has no summary.
 * @returns the paths of the files that were written into the folder
 */
export function tellCi(
  { printed, appended, written, outputs }: CiSystem,
  news: CiNews,
  env: NodeJS.ProcessEnv = process.env,
): string[] {
  for (const format of printed) {
    const text = news.render(format)
    if (text !== '') news.print(text)
  }
  const append = (variable: string, text: string): void => {
    const path = env[variable]
    if (path) appendFileSync(path, text)
  }
  for (const { format, variable } of appended) append(variable, `${news.render(format)}\n`)
  if (outputs !== null) {
    const lines = Object.entries(news.outputs).map(([name, value]) => `${name}=${printable(value)}\n`)
    append(outputs, lines.join(''))
  }
  if (written.length > 0) mkdirSync(news.folder, { recursive: true })
  return written.map(({ format, fileName }) => {
    const path = join(news.folder, fileName)
    writeWhole(path, news.render(format))
    return path
  })
}
