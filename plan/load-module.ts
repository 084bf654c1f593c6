/** Loads a user's module into this process, to check it before its own process runs it. */
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { errorText, placed } from '../measure/messages/error-text.ts'
import { maskerOf } from '../measure/messages/secrets.ts'
import { UsageError } from '../model/usage-error.ts'

/** How long Node.js may take to find a syntax error again. */
const checkTimeoutMs = 5_000

/**
 * What a module exports. What it writes meanwhile is dropped: its own process writes the same, and stdout may be that of
 * a result.
 * @param label how an error names the module, e.g. `--server ./my-server.ts`
 * @throws {UsageError} with what is wrong, and where
 */
export function loadModule(label: string, file: string): object {
  try {
    return confined(() => createRequire(import.meta.url)(file) as object)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : ''
    throw new UsageError(
      code === 'ERR_REQUIRE_ASYNC_MODULE'
        ? `${label}: it awaits at its top level: move that into listen(), which may wait`
        : `${label}: it cannot be loaded: ${maskerOf(process.env)(reasonOf(error, file))}`,
    )
  }
}

/** Does something without output, and without the means to end this process. */
function confined<T>(work: () => T): T {
  const { exit, stdout, stderr } = process
  const [toStdout, toStderr] = [stdout.write, stderr.write]
  process.exit = code => {
    throw new Error(`it calls process.exit(${code ?? ''}) while it is loaded: start nothing before listen()`)
  }
  stdout.write = () => true
  stderr.write = () => true
  try {
    return work()
  } finally {
    process.exit = exit
    stdout.write = toStdout
    stderr.write = toStderr
  }
}

function reasonOf(error: unknown, file: string): string {
  if (!(error instanceof Error)) return String(error)
  const text = errorText(error)
  // Node.js knows the line of a syntax error in an ES module, but tells it only when it ends for it.
  return error instanceof SyntaxError && !text.includes(' (at ') ? placed(text, stderrOf(file)) : text
}

const stderrOf = (file: string): string =>
  spawnSync(process.execPath, [file], { encoding: 'utf8', timeout: checkTimeoutMs }).stderr
