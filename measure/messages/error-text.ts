/** An error of a child process in one line: what it says, and where in the code under test it came from. */
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of this tool, whose frames say nothing about the code under test. */
const own = fileURLToPath(new URL('../../', import.meta.url))

/** A place in a file, as a line of a stack ends with it. */
const frame = /(?:\(|at (?:async )?)((?:file:\/\/)?\/.+):(\d+):(\d+)\)?$/

/** The file and line that stand above a syntax error. */
const syntaxErrorPlace = /^((?:file:\/\/)?\/.+):(\d+)\n[\s\S]*^SyntaxError\b/m

/**
 * The message of an error on one line, with its class where that says more than that it is one, and with the first place
 * of its stack that is code under test.
 * @param module the URL of the module under test, which counts wherever it lies
 */
export function errorText(error: Error, module?: string): string {
  const { name, message, stack = '' } = error
  const says = name === 'Error' ? message : `${name}: ${message}`
  return placed(says.replace(/\s*\n\s*/g, ' '), stack, module)
}

/** What an error says, with the place of a syntax error, or else the first place of the stack that is code under test. */
export function placed(says: string, stack: string, module?: string): string {
  const [, file, line] = syntaxErrorPlace.exec(stack) ?? []
  const place =
    file === undefined
      ? stack.split('\n').flatMap(each => placeIn(each, module) ?? [])[0]
      : `${nearest(file)}:${line}`
  return place === undefined ? says : `${says} (at ${place})`
}

/** The whole stack of an error, the frames of the code under test before the others. @param module as in {@link errorText} */
export function stackText({ name, message, stack = `${name}: ${message}` }: Error, module?: string): string {
  const lines = stack.split('\n')
  const from = lines.findIndex(line => /^\s+at /.test(line))
  if (from < 0) return stack
  const { own: ofTest = [], other = [] } = Object.groupBy(lines.slice(from), line =>
    placeIn(line, module) === null ? 'other' : 'own',
  )
  return [...lines.slice(0, from), ...ofTest, ...other].join('\n')
}

function placeIn(line: string, module: string | undefined): string | null {
  const [, location, row, column] = frame.exec(line) ?? []
  if (location === undefined) return null
  const file = pathOf(location)
  const underTest = location === module || !(file.startsWith(own) || file.includes('/node_modules/'))
  if (!underTest) return null
  return `${nearest(location)}:${row}:${column}`
}

const pathOf = (location: string): string =>
  location.startsWith('file:') ? fileURLToPath(location) : location

/** A file by its path from the working directory, where it lies in that. */
function nearest(location: string): string {
  const file = pathOf(location)
  const near = relative(process.cwd(), file)
  return near.startsWith('..') ? file : near
}
