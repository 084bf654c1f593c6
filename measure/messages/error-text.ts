/** An error of a child process in one line: what it says, and where in the code under test it came from. */
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of this tool, whose frames say nothing about the code under test. */
const own = fileURLToPath(new URL('../../', import.meta.url))

/** A place in a file, as a line of a stack ends with it. */
const frame = /(?:\(|at (?:async )?)((?:file:\/\/)?\/.+):(\d+):(\d+)\)?$/

/**
 * The message of an error, with its class where that says more than that it is one, and with the first place of its
 * stack that is code under test.
 * @param module the URL of the module under test, which counts wherever it lies
 */
export function errorText(error: Error, module?: string): string {
  const { name, message, stack = '' } = error
  const says = name === 'Error' ? message : `${name}: ${message}`
  const place = stack.split('\n').flatMap(line => placeIn(line, module) ?? [])[0]
  return place === undefined ? says : `${says} (at ${place})`
}

function placeIn(line: string, module: string | undefined): string | null {
  const [, location, row, column] = frame.exec(line) ?? []
  if (location === undefined) return null
  const file = location.startsWith('file:') ? fileURLToPath(location) : location
  const underTest = location === module || !(file.startsWith(own) || file.includes('/node_modules/'))
  if (!underTest) return null
  const near = relative(process.cwd(), file)
  return `${near.startsWith('..') ? file : near}:${row}:${column}`
}
