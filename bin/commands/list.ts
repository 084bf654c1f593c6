/** `pushbench list`: what there is to choose from, generated from the registries. */
import { metrics, scenarios, techniques, UsageError } from '../../index.ts'
import { unknownName } from '../../measure/usage-error.ts'
import type { Scenario } from '../../measure/workload.ts'
import { pairOf, settingsOfPair } from '../../plan.ts'
import { type Command, print, textArg } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'

/** A row: the columns of the table and, in `more`, what only the JSON has room for. */
type Row = Readonly<Record<string, unknown>>

const lists = {
  techniques: (): Row[] =>
    techniques.map(technique => {
      const pair = pairOf(technique)
      const { family, year, summary, mechanism, needs, crossesOrigins, errors, reference } = pair.server
      const [origins = ''] = crossesOrigins.split(/[:;,(]/, 1)
      const row = {
        technique,
        family,
        since: String(year),
        'crosses origins': origins.trim(),
        'what happens': summary,
      }
      const settings = Object.entries(settingsOfPair(pair)).map(([name, setting]) => ({
        name,
        value: setting.form,
        default: setting.format(setting.fallback),
        help: setting.help,
      }))
      return { ...row, more: { mechanism, needs, crossesOrigins, errors, reference, settings } }
    }),
  scenarios: (): Row[] =>
    Object.entries(scenarios).map(([scenario, { summary, ...more }]: [string, Scenario]) => ({
      scenario,
      techniques: more.techniques?.join(', ') ?? 'all',
      'what it is': summary,
      more,
    })),
  metrics: (): Row[] =>
    metrics.map(({ name, unit, better, description }) => ({
      metric: name,
      unit,
      better,
      'what it is': description,
    })),
  settings: (): Row[] =>
    techniques.flatMap(technique =>
      Object.entries(settingsOfPair(pairOf(technique))).map(([name, setting]) => ({
        setting: `${technique}.${name}`,
        value: setting.form,
        default: setting.format(setting.fallback),
        'what it does': setting.help,
      })),
    ),
} satisfies Record<string, () => Row[]>

/** A row of the JSON: what the table has no room for stands beside its columns. */
const flat = ({ more, ...row }: Row): object => ({ ...row, ...(more as object | undefined) })

const kinds = Object.keys(lists) as (keyof typeof lists)[]

export const list: Command = {
  usage: 'list <what>',
  summary: 'what there is: techniques, scenarios, metrics or settings',
  positionals: [{ name: 'what', type: 'string', describe: kinds.join(', '), demandOption: true }],
  options: { json: { type: 'boolean', describe: 'as JSON' } },
  examples: [['$0 list settings', 'every technique setting with its form and default']],
  teach: 'Settings are given to "run" and "serve" as --set <technique>.<setting>=<value>.',
  async handle(args) {
    const given = textArg(args, 'what') ?? ''
    const what = kinds.find(kind => kind === given)
    if (what === undefined) throw new UsageError(unknownName('list', given, kinds))
    const rows = lists[what]()
    print(args['json'] === true ? JSON.stringify(rows.map(flat), null, 1) : table(rows))
    return exitCodes.fine
  },
}

/** Rows as aligned columns; the last column runs free. */
function table(rows: readonly Row[]): string {
  const headings = Object.keys(rows[0] ?? {}).filter(heading => heading !== 'more')
  const cell = (row: Row, heading: string): string => String(row[heading] ?? '')
  const widths = headings.map(heading =>
    Math.max(heading.length, ...rows.map(row => cell(row, heading).length)),
  )
  const line = (cells: readonly string[]): string =>
    cells.map((cell, at) => (at === cells.length - 1 ? cell : cell.padEnd(widths[at] ?? 0))).join('  ')
  return [line(headings), ...rows.map(row => line(headings.map(heading => cell(row, heading))))].join('\n')
}
