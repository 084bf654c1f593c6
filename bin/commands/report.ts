/** `pushbench report`: every format again from a stored result, with no new measuring. */
import { dirname } from 'node:path'
import { renderTerminal } from '../../reports/index.ts'
import { readingOf } from '../../results/reading.ts'
import { type Command, note, print, textArg } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { formatOptions, requireWritable, targetsOf, writeReport, writeTargets } from '../output.ts'
import { readResult } from '../stored.ts'

export const report: Command = {
  usage: 'report <file>',
  summary: 'render a results.json again: HTML, Markdown, CSV, JUnit, terminal',
  positionals: [{ name: 'file', type: 'string', describe: 'the results.json of a run', demandOption: true }],
  options: {
    output: {
      type: 'string',
      alias: 'o',
      requiresArg: true,
      describe: 'folder for report.html  [default: that of the results.json]',
    },
    ...formatOptions,
    quiet: { type: 'boolean', alias: 'q', describe: 'print nothing but what was asked for on stdout' },
    color: {
      type: 'boolean',
      default: true,
      describe: 'colours on a terminal; --no-color or NO_COLOR turns them off',
    },
  },
  examples: [
    ['$0 report pushbench-results/base/results.json --markdown -', 'the report as Markdown on stdout'],
  ],
  teach: 'A report is made from results.json alone, so it is the same at any time and on any machine.',
  async handle(args) {
    const file = textArg(args, 'file') ?? ''
    const reading = readingOf(readResult(file))
    const targets = targetsOf(args)
    const folder = textArg(args, 'output') ?? dirname(file)
    requireWritable(folder, `--output ${folder}`)
    const path = writeReport(folder, reading)
    if (args['quiet'] !== true) {
      const dataToStdout = targets.some(target => target.path === '-')
      const stream = dataToStdout ? process.stderr : process.stdout
      const color = args['color'] !== false && stream.isTTY && stream.hasColors()
      ;(dataToStdout ? note : print)(renderTerminal(reading, { color, width: stream.columns ?? 120 }))
      note(`\nreport: ${path}`)
    }
    writeTargets(targets, reading)
    return exitCodes.fine
  },
}
