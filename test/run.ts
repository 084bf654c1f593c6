/** Runs all tests in the processes of `arrangement.ts`, and exits with 1 when one fails. `npm test` calls it. */
import { globSync, mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { pathToFileURL } from 'node:url'
import { arrange, type Share } from './arrangement.ts'
import skips from './skips.ts'

const folder = import.meta.dirname
const cache = join(folder, '../node_modules/.cache/tests')
/** Tests that wait leave the cores to others. */
const processesPerCore = 2.5
/** Longer than any test lasts on a busy machine: one that waits forever fails, and names itself. */
const timeout = 600_000

/** The file that a process runs: the only one of its share, or one that imports them all. */
function entryOf({ name, files }: Share): string {
  const paths = files.map(file => join(folder, file))
  if (paths[0] !== undefined && paths.length === 1) return paths[0]
  const entry = join(cache, `${name.replaceAll('/', '-')}.mjs`)
  writeFileSync(entry, paths.map(path => `import ${JSON.stringify(pathToFileURL(path).href)}\n`).join(''))
  return entry
}

mkdirSync(cache, { recursive: true })
const results = run({
  files: arrange(globSync('**/*.test.ts', { cwd: folder })).map(entryOf),
  concurrency: Math.round(processesPerCore * availableParallelism()),
  timeout,
})
results.on('test:fail', ({ todo }) => {
  if (todo === undefined || todo === false) process.exitCode = 1
})
results.compose(skips).pipe(process.stdout)
results.compose(new spec()).pipe(process.stdout)
