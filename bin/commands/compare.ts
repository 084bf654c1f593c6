/** `pushbench compare`: the gate. Says for each metric whether the head regressed, and how certain that is. */
import { existsSync } from 'node:fs'
import { DifferentSetupError } from '../../compare/differences.ts'
import { OtherSchemaError } from '../../results/result.ts'
import { type Command, textArg } from '../command.ts'
import { configFlag } from '../flags.ts'
import { beginBaseline, compareThrough, comparingFlags, conclude, gateOf } from '../gate.ts'
import { configuredLevels } from '../sources.ts'
import { readResult } from '../stored.ts'

export const compare: Command = {
  usage: 'compare <base> <head>',
  summary: 'compare two results: each metric regressed, improved, is unchanged or inconclusive',
  positionals: [
    { name: 'base', type: 'string', describe: 'the older results.json', demandOption: true },
    { name: 'head', type: 'string', describe: 'the results.json of the change', demandOption: true },
  ],
  options: {
    ...comparingFlags,
    'new-baseline': {
      type: 'boolean',
      describe:
        'pass and say so where there is no base, or it differs in more than the code: for a base that this head replaces',
    },
    ...configFlag,
    quiet: { type: 'boolean', alias: 'q', describe: 'print nothing but what was asked for on stdout' },
    color: {
      type: 'boolean',
      default: true,
      describe: 'colours on a terminal; --no-color or NO_COLOR turns them off',
    },
  },
  examples: [
    ['$0 compare base.json head.json', 'every metric that a gate judges; exit 3 when one regressed'],
    [
      '$0 compare base.json head.json --strict --markdown summary.md',
      'exit 5 when there are too few runs to decide',
    ],
    ['$0 compare base.json head.json --minimum-effect latency.p99=20%', 'less than 20 % does not matter'],
    ['$0 compare base.json head.json --new-baseline', 'pass where the workload changed since the base'],
    [
      '$0 compare base.json head.json --calibration calibration.json',
      "no minimum effect below this machine's noise",
    ],
  ],
  teach:
    'A run counts as one sample: measure both sides with -n 10 or more, alternately with "pushbench ab" where you can.\n' +
    'Verdicts are regressed, improved, unchanged (the interval lies within the minimum effect) and inconclusive (with the runs that would decide).\n' +
    'New losses and duplicates are regressions, whatever the speed. Exit codes: 0 fine, 3 regressed, 4 no valid run to compare, 99 a threshold, 5 inconclusive with --strict.',
  async handle(args) {
    const names = { base: textArg(args, 'base') ?? '', head: textArg(args, 'head') ?? '' }
    // The thresholds of a configuration file are for what is measured with it.
    const configured = { levels: await configuredLevels(textArg(args, 'config')), thresholds: [] }
    const gate = gateOf(args, names, configured)
    const head = readResult(names.head)
    if (args['new-baseline'] !== true)
      return conclude(compareThrough(gate, readResult(names.base), head), gate)
    if (!existsSync(names.base)) return beginBaseline(`there is no ${names.base} yet`, gate)
    try {
      return conclude(compareThrough(gate, readResult(names.base), head), gate)
    } catch (error) {
      if (error instanceof DifferentSetupError) return beginBaseline(error.what, gate)
      // Any other file that cannot be read is a mistake, and a gate that passes would hide it.
      if (error instanceof OtherSchemaError) return beginBaseline(error.message, gate)
      throw error
    }
  },
}
