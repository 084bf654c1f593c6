/** `pushbench trend`: the results in a folder as a history, with the commits at which a level changed. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { type Trend, trendMetrics, trendOf } from '../../compare/trend.ts'
import { parseResult, type Result, ResultError, UsageError } from '../../index.ts'
import { unknownName } from '../../model/usage-error.ts'
import { columnName, renderTrendCsv } from '../../reports/trend/trend-csv.ts'
import { renderTrendHtml } from '../../reports/trend/trend-html.ts'
import { renderTrendTerminal } from '../../reports/trend/trend-terminal.ts'
import { type MetricName, metrics } from '../../results/metrics.ts'
import { type Command, note, print, textArg } from '../command.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { requireWritable, writeWhole } from '../output.ts'

export const trend: Command = {
  usage: 'trend <folder>',
  summary: 'draw each metric over commits, with change points marked',
  positionals: [
    {
      name: 'folder',
      type: 'string',
      describe: 'holds the results of many commits, in folders of any depth',
      demandOption: true,
    },
  ],
  options: {
    output: {
      type: 'string',
      alias: 'o',
      requiresArg: true,
      describe: 'folder for trend.html and trend.csv  [default: the folder of the results]',
    },
    metric: {
      type: 'string',
      array: true,
      requiresArg: true,
      describe: 'metrics to follow, separated by commas  [default: those that a comparison judges]',
    },
    quiet: { type: 'boolean', alias: 'q', describe: 'print nothing but errors' },
  },
  examples: [
    ['$0 trend history', 'history/<commit>/results.json of every commit, as trend.html and trend.csv'],
    ['$0 trend history --metric latency.p50,server.cpuPerDelivery', 'two metrics'],
  ],
  teach:
    'Every .json file below the folder is read; other files are named and skipped. Results of one commit count as one point.\n' +
    'A change needs at least eight commits to stand out from chance, and about 16 where 120 lines are drawn. trend.csv is what Apache Otava reads.',
  handle: trendCommand,
}

async function trendCommand(args: Readonly<Record<string, unknown>>): Promise<ExitCode> {
  const folder = textArg(args, 'folder') ?? ''
  const names = metricsArg(args['metric'])
  const results = readHistory(folder)
  const output = textArg(args, 'output') ?? folder
  requireWritable(output, `--output ${output}`)
  const history = trendOf(results, names)
  if (history.lines.length === 0)
    throw new UsageError(`--metric: no result in ${folder} has a value of ${names.join(', ')}`)
  const [page, data] = [join(output, 'trend.html'), join(output, 'trend.csv')]
  writeWhole(page, renderTrendHtml(history))
  writeWhole(data, renderTrendCsv(history))
  if (args['quiet'] === true) return exitCodes.fine
  print(renderTrendTerminal(history))
  tellGaps(history)
  note(`\ntrend: ${page}\ndata:  ${data}`)
  return exitCodes.fine
}

/** The results below a folder. Other files are named. @throws {UsageError} when there is none */
function readHistory(folder: string): [Result, ...Result[]] {
  const files = jsonFilesOf(folder)
  const results = files.flatMap(file => {
    try {
      return parseResult(readFileSync(file, 'utf8'), relative(folder, file))
    } catch (error) {
      if (!(error instanceof ResultError)) throw error
      note(`skipped: ${error.message}`)
      return []
    }
  })
  const [first, ...more] = results
  if (first !== undefined) return [first, ...more]
  const found = files.length === 0 ? 'no .json file' : `no result among ${files.length} .json files`
  throw new UsageError(`${folder}: ${found}; give a folder with the results.json of several commits`)
}

/** Every .json file below a folder, in a steady order; hidden folders and installed packages are skipped. */
function jsonFilesOf(folder: string): string[] {
  const found = statSync(folder, { throwIfNoEntry: false })
  if (found === undefined) throw new UsageError(`${folder || '""'}: there is no such folder`)
  if (!found.isDirectory())
    throw new UsageError(`${folder}: it is a file: give the folder with the results of several commits`)
  const isForeign = (path: string): boolean =>
    path.split(/[\\/]/).some(part => part.startsWith('.') || part === 'node_modules')
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith('.json') && !isForeign(path))
    .toSorted()
    .map(path => join(folder, path))
    .filter(path => statSync(path, { throwIfNoEntry: false })?.isFile())
}

function metricsArg(given: unknown): readonly MetricName[] {
  if (!Array.isArray(given)) return trendMetrics
  const known = metrics.map(({ name }) => name)
  return given
    .flatMap(text => String(text).split(','))
    .map(text => {
      const found = known.find(name => name === text.trim())
      if (found !== undefined) return found
      throw new UsageError(`--metric: ${unknownName('metric', text.trim(), known)}`)
    })
}

/** Otava refuses a column with an empty field, so its reader must know which have some. */
function tellGaps({ lines }: Trend): void {
  const gaps = lines.filter(({ values }) => values.includes(null)).map(columnName)
  if (gaps.length === 0) return
  const more = gaps.length > 3 ? ` and ${gaps.length - 3} more` : ''
  note(
    `not every commit has a value of ${gaps.slice(0, 3).join(', ')}${more}: these fields are empty in the CSV`,
  )
}
