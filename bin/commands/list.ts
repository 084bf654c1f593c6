/** `pushbench list`: what there is to choose from, generated from the registries. */
import { metrics, scenarios, techniques, UsageError } from '../../index.ts'
import { unknownName } from '../../measure/usage-error.ts'
import { pairOf, settingsOfPair } from '../../plan.ts'
import { type Command, print, textArg } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'

/** A row as data: the columns of the table, the keys of the JSON. */
type Row = Readonly<Record<string, string>>

const lists = {
  techniques: (): Row[] =>
    techniques.map(technique => {
      const { family, summary, reference } = pairOf(technique).server
      return { technique, family, 'what happens': summary, reference }
    }),
  scenarios: (): Row[] =>
    Object.entries(scenarios).map(([scenario, { summary }]) => ({ scenario, 'what it is': summary })),
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
    print(args['json'] === true ? JSON.stringify(rows, null, 1) : table(rows))
    return exitCodes.fine
  },
}

/** Rows as aligned columns; the last column runs free. */
function table(rows: readonly Row[]): string {
  const headings = Object.keys(rows[0] ?? {})
  const widths = headings.map(heading =>
    Math.max(heading.length, ...rows.map(row => row[heading]?.length ?? 0)),
  )
  const line = (cells: readonly string[]): string =>
    cells.map((cell, at) => (at === cells.length - 1 ? cell : cell.padEnd(widths[at] ?? 0))).join('  ')
  return [line(headings), ...rows.map(row => line(headings.map(heading => row[heading] ?? '')))].join('\n')
}
