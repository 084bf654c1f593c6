/** `pushbench list`: what there is to choose from, generated from the registries. */
import { type FaultName, faults } from '../../faults/index.ts'
import { faultParameters } from '../../faults/text.ts'
import { metrics, scenarios, techniques, UsageError } from '../../index.ts'
import { type BackoffPolicy, backoffPolicies } from '../../model/backoff.ts'
import type { Fault } from '../../model/fault.ts'
import { defaults, type Setting, type Settings, type SettingValue } from '../../model/settings.ts'
import { unknownName } from '../../model/usage-error.ts'
import type { Scenario } from '../../model/workload.ts'
import { pairOf, settingsOfPair } from '../../plan/plan.ts'
import { type Command, note, print, textArg } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { type TableRow, table } from '../table.ts'

/** What there is of a kind. */
interface Entry {
  /** The columns of the table. */
  readonly row: TableRow
  /** What the JSON has in addition. */
  readonly more?: object
  /** What the JSON has in place of them. */
  readonly data?: object
  /** Further rows of the table. */
  readonly below?: readonly TableRow[]
}

/** Declared settings as the JSON has them. */
const settingsData = (settings: Settings) =>
  Object.entries(settings).map(([name, setting]) => ({
    name,
    value: setting.form,
    default: setting.format(setting.fallback),
    help: setting.help,
  }))

const defaultOf = <T extends SettingValue>(setting?: Setting<T>): string =>
  setting === undefined ? '-' : setting.format(setting.fallback)

const lists = {
  techniques: () =>
    techniques.map(technique => {
      const pair = pairOf(technique)
      const { family, year, summary, mechanism, needs, crossesOrigins, errors, reference } = pair.server
      const [origins = ''] = crossesOrigins.split(/[:;,(]/, 1)
      return {
        row: {
          technique,
          family,
          since: String(year),
          'crosses origins': origins.trim(),
          'what happens': summary,
        },
        more: {
          mechanism,
          needs,
          crossesOrigins,
          errors,
          reference,
          settings: settingsData(settingsOfPair(pair)),
        },
      }
    }),
  scenarios: () =>
    Object.entries(scenarios).map(([scenario, { summary, ...more }]: [string, Scenario]) => ({
      row: {
        scenario,
        techniques: (more.techniques ?? more.usualTechniques)?.join(', ') ?? 'all',
        'what it is': summary,
      },
      more,
    })),
  faults: () => (Object.keys(faults) as FaultName[]).map(faultEntry),
  backoffs: () =>
    Object.entries(backoffPolicies).map(([backoff, policy]: [string, BackoffPolicy]) => {
      const { summary, reference, settings, obeysServer } = policy
      return {
        row: {
          backoff,
          base: defaultOf(settings.base),
          cap: defaultOf(settings.cap),
          factor: defaultOf(settings.factor),
          'obeys server': obeysServer ? 'yes' : 'no',
          'how long a client waits': `${summary} (${reference})`,
        },
        data: { backoff, summary, reference, defaults: defaults(settings), obeysServer },
      }
    }),
  metrics: () =>
    metrics.map(({ name, unit, better, description }) => ({
      row: { metric: name, unit, better, 'what it is': description },
    })),
  settings: () =>
    techniques.flatMap(technique =>
      Object.entries(settingsOfPair(pairOf(technique))).map(([name, setting]) => ({
        row: {
          setting: `${technique}.${name}`,
          value: setting.form,
          default: setting.format(setting.fallback),
          'what it does': setting.help,
        },
      })),
    ),
} satisfies Record<string, () => Entry[]>

/** A fault, and below it what it takes. */
function faultEntry(name: FaultName): Entry {
  const { summary, reference, model }: Fault = faults[name]
  const parameters = settingsData(faultParameters[name])
  return {
    row: {
      fault: name,
      value: '',
      default: '',
      'what it does': reference === undefined ? summary : `${summary} (${reference})`,
    },
    below: parameters.map(parameter => ({
      fault: `  ${parameter.name}=`,
      value: parameter.value,
      default: parameter.default,
      'what it does': parameter.help,
    })),
    data: { fault: name, summary, reference, simulated: model !== undefined, parameters },
  }
}

/** An entry as JSON. */
const dataOf = ({ row, more, data }: Entry): object => data ?? { ...row, ...more }

const kinds = Object.keys(lists) as (keyof typeof lists)[]

/** What each list has, for a `list` that names none. */
const meanings: Readonly<Record<keyof typeof lists, string>> = {
  techniques: 'the ways to push events, for -t',
  scenarios: 'workloads with a name, for -s',
  faults: 'what a storm can begin with, for --fault',
  backoffs: 'how clients wait before they reconnect, for --backoff',
  metrics: 'the numbers that --threshold, --metric and --minimum-effect name',
  settings: 'what --set changes of a technique',
}

const overview = (): Entry[] =>
  kinds.map(kind => ({
    row: { list: kind, entries: String(lists[kind]().length), 'what it is': meanings[kind] },
    data: { list: kind, entries: lists[kind]().length, summary: meanings[kind] },
  }))

/** What the suite gives other values than the defaults of the list. */
const faultsOfSuite = `"storm" without --fault uses ${(scenarios.storm.faults ?? []).join(' and ')}; what a --fault leaves out has the default above`

/** @throws {UsageError} when there is no list of that name */
function entriesOf(given: string | undefined): readonly Entry[] {
  if (given === undefined) return overview()
  const what = kinds.find(kind => kind === given)
  if (what === undefined) throw new UsageError(unknownName('list', given, kinds))
  return lists[what]()
}

export const list: Command = {
  usage: 'list [what]',
  summary: `list ${kinds.slice(0, -1).join(', ')} or ${kinds.at(-1)}`,
  positionals: [
    { name: 'what', type: 'string', describe: `${kinds.join(', ')}; without it, how many there are of each` },
  ],
  options: { json: { type: 'boolean', describe: 'as JSON' } },
  examples: [
    ['$0 list settings', 'every technique setting with its form and default'],
    ['$0 list faults', 'every fault, with the parameters that --fault takes'],
  ],
  teach:
    'Settings are given to "run" and "serve" as --set <technique>.<setting>=<value>.\n' +
    'Faults and backoffs are given to "run" and "storm" with their parameters after them:\n' +
    '--fault restart:at=2s:down=5s --backoff full-jitter:base=500ms:cap=10s.',
  async handle(args) {
    const entries = entriesOf(textArg(args, 'what'))
    print(
      args['json'] === true
        ? JSON.stringify(entries.map(dataOf), null, 1)
        : table(entries.flatMap(({ row, below = [] }) => [row, ...below])),
    )
    if (textArg(args, 'what') === 'faults') note(faultsOfSuite)
    return exitCodes.fine
  },
}
