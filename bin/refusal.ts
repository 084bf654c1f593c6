/** A command that ends without a result, told to the CI system: a job that is red says why where its readers look. */
import { refusalFormats } from '../reports/ci/refusal.ts'
import { ciOf, tellCi } from './ci.ts'
import { note, print } from './command.ts'

/** The value of a flag on a command line that may not have been understood; undefined where it is not given. */
function wordAfter(words: readonly string[], ...flags: readonly string[]): string | undefined {
  const at = words.findIndex(word => flags.includes(word))
  if (at >= 0) return words[at + 1]
  const joined = words.find(word => flags.some(flag => word.startsWith(`${flag}=`)))
  return joined?.slice(joined.indexOf('=') + 1)
}

/**
 * Says the reason on stderr, and with `--ci` to the CI system.
 * @param reason a sentence without a full stop
 * @param words the command line as it was typed, as the reason may be that it is wrong
 */
export function refuse(reason: string, words: readonly string[]): void {
  note(`pushbench: ${reason}`)
  const ci = ciOf({ ci: words.some(word => word === '--ci' || word === '--ci=true') })
  if (ci === null) return
  const takesStdout = words.some(word => word === '-' || word.endsWith('=-'))
  try {
    tellCi(ci, {
      render: format => refusalFormats[format](reason),
      outputs: {},
      folder: wordAfter(words, '--output', '-o') || 'pushbench-results',
      print: takesStdout ? note : print,
    })
  } catch (error) {
    // What was refused may be this very folder. The reason above is what matters.
    note(`pushbench: --ci: ${error instanceof Error ? error.message : String(error)}`)
  }
}
