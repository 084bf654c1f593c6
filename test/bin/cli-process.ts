/**
 * Runs the CLI many times in one process, because a process that starts and reads the whole tool for each line costs
 * more than what most lines do. Every line evaluates `bin/pushbench.ts` anew, with the words, variables and folder of
 * its own, and sends back what it wrote and its exit code. `cli.ts` starts this file.
 */
import { fileURLToPath } from 'node:url'

/** One line to run. */
export interface Line {
  readonly words: readonly string[]
  /** What differs from the variables of this process. */
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
}

/** How a line ended. */
export interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

const home = process.cwd()
// What `ab` starts its sides with.
const launcher = fileURLToPath(new URL('../../bin/launch.js', import.meta.url))
let lines = 0

/** Collects what is written to a stream until it is given back. */
function collect(stream: NodeJS.WriteStream): () => string {
  const { write } = stream
  let text = ''
  stream.write = (chunk: string | Uint8Array): boolean => {
    text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString()
    return true
  }
  return () => {
    stream.write = write
    return text
  }
}

async function run({ words, env, cwd }: Line): Promise<Ended> {
  const variables = { ...process.env }
  const [stdout, stderr] = [collect(process.stdout), collect(process.stderr)]
  try {
    process.argv.splice(1, Number.POSITIVE_INFINITY, launcher, ...words)
    Object.assign(process.env, env)
    process.chdir(cwd)
    process.exitCode = undefined
    // Another query is another module: the entry runs again, and what it imports is there already.
    await import(`../../bin/pushbench.ts?line=${lines++}`)
    return { code: Number(process.exitCode ?? 0), stdout: stdout(), stderr: stderr() }
  } finally {
    process.exitCode = undefined
    process.chdir(home)
    for (const name of Object.keys(process.env)) if (!(name in variables)) delete process.env[name]
    Object.assign(process.env, variables)
    stdout()
    stderr()
  }
}

process.on('message', async (line: Line) => {
  process.send?.(await run(line))
})
// Keeps running while the test does; not longer.
process.on('disconnect', () => process.exit())
