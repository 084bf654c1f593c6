/** `pushbench storm`: measures what happens when all clients reconnect at once, or simulates it at any scale. */
import { resolve } from 'node:path'
import type { Options } from 'yargs'
import { scenarios, UsageError } from '../../index.ts'
import { formatDuration, formatRate } from '../../model/quantity.ts'
import type { Scenario } from '../../model/workload.ts'
import { flagOf, kebab, optionNames } from '../../plan/options.ts'
import { planSimulations, simulatedOptions, usualHorizon } from '../../plan/simulation-plan.ts'
import { simulateStorm } from '../../simulation/storm-simulation.ts'
import { jitterSweep, windowsAround } from '../../simulation/storm-simulation-sweep.ts'
import { type Command, note, print, textArg } from '../command.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { measuringFlags } from '../flags.ts'
import { measure, sourcesOf } from '../measuring.ts'
import { formatFlags, targetsOf, writeWhole } from '../output.ts'
import { simulationJson, stormsText, sweepText, type TriedJitter } from '../simulation-report.ts'

const suite: Scenario = scenarios.storm
const { workload: usual, usualTechniques = [], faults = [], backoffs = [] } = suite

/** Flags that only a simulation has. */
const simulationFlags = {
  'service-time': {
    type: 'string',
    requiresArg: true,
    describe: 'with --simulate: how long one connection keeps the server busy, e.g. 200us  [default: 0]',
  },
  horizon: {
    type: 'string',
    requiresArg: true,
    describe: `with --simulate: how long to simulate after the fault began  [default: the length of the fault, plus ${formatDuration(usualHorizon)}, plus twice the time that the server needs for all clients]`,
  },
} satisfies Record<string, Options>

/** Flags about output that a simulation does not support. */
const resultFlags = ['threshold', 'output', 'ci', ...formatFlags.filter(flag => flag !== 'json')]

export const storm: Command = {
  usage: 'storm',
  summary: 'measure or simulate what happens when all clients reconnect at once',
  options: {
    simulate: {
      type: 'boolean',
      describe: 'compute the storms in seconds instead of measuring, for up to two million clients',
    },
    ...simulationFlags,
    ...measuringFlags({
      scenario: 'storm',
      technique: usualTechniques.join(),
      rate: formatRate(usual.ratePerSecond),
      warmup: formatDuration(usual.warmup),
      duration: `${formatDuration(usual.duration)}, or until all have been back for 1s`,
      fault: faults.join(),
      backoff: backoffs.join(),
    }),
  },
  examples: [
    ['$0 storm', 'four techniques, two faults, three backoff policies, under two minutes'],
    ['$0 storm -t sse --fault restart:down=2s --backoff eventsource,full-jitter', 'one fault, two policies'],
    ['$0 storm --accept-rate 200/s --fault drop:share=0.5', 'a server that accepts slowly, as under load'],
    [
      '$0 storm --simulate -c 1000000 --accept-rate 10000/s',
      'a million clients, and how much jitter they need',
    ],
  ],
  teach:
    'Read the peak together with t99: a policy with a low peak brings the last client back late. See "list faults" and "list backoffs".\n' +
    'Each fault is measured with each backoff policy; herd, hold-expiry and stall, which end no connection, once. Faults that do not apply to a technique are skipped.\n' +
    'Times count from the fault. Clients that never came back are counted, not averaged away.',
  handle: stormCommand,
}

async function stormCommand(args: Readonly<Record<string, unknown>>): Promise<ExitCode> {
  if (args['simulate'] === true) return simulateCommand(args)
  const flag = Object.keys(simulationFlags).find(name => args[name] !== undefined)
  if (flag !== undefined) throw new UsageError(`--${flag}: it is for simulations only: add --simulate`)
  // The suite's storms apply to any scenario that has none of its own.
  return measure(args, { scenario: 'storm', fault: [...faults], backoff: [...backoffs] })
}

async function simulateCommand(args: Readonly<Record<string, unknown>>): Promise<ExitCode> {
  requireSimulated(args)
  const plans = planSimulations((await sourcesOf(args)).options, {
    serviceTime: textArg(args, 'service-time'),
    horizon: textArg(args, 'horizon'),
  })
  const [json] = targetsOf(args)
  const quiet = args['quiet'] === true
  const say = quiet || args['progress'] === false ? () => {} : note
  const storms = plans.map(({ fault, model }, index) => {
    say(`[${index + 1}/${plans.length}] ${fault}, ${model.backoff.name}`)
    return { fault, model, outcome: simulateStorm(model) }
  })
  const [first] = plans
  const tried = first === undefined ? null : tryJitter(first.model, say)
  if (!quiet) {
    const text = `${stormsText(storms)}\n\n${tried === null ? noSweep : sweepText(tried)}`
    ;(json?.path === '-' ? note : print)(text)
  }
  if (json?.path === '-') print(simulationJson(storms, tried))
  else if (json !== undefined) writeWhole(resolve(json.path), simulationJson(storms, tried))
  return exitCodes.fine
}

const noSweep =
  'How wide a jitter these clients need depends on the server: give --accept-rate, e.g. --accept-rate 10000/s, to see it.'

/** Tries jitter windows for the clients of a model; null where its server has no limit. */
function tryJitter(
  { clients, acceptPerSecond, seed }: Parameters<typeof simulateStorm>[0],
  say: (text: string) => void,
): TriedJitter | null {
  if (acceptPerSecond === null) return null
  const windows = windowsAround(clients, acceptPerSecond)
  say(`trying ${windows.length} windows of jitter`)
  return { clients, acceptPerSecond, sweep: jitterSweep({ clients, acceptPerSecond, windows, seed }) }
}

/** Refuses flags that describe what a simulation does not have. */
function requireSimulated(args: Readonly<Record<string, unknown>>): void {
  const known: readonly string[] = simulatedOptions
  const foreign = [...optionNames.filter(name => !known.includes(name)).map(kebab), ...resultFlags]
  const given = foreign.find(name => args[name] !== undefined)
  if (given === undefined) return
  const takes = [...simulatedOptions.map(flagOf), ...Object.keys(simulationFlags).map(flag => `--${flag}`)]
  throw new UsageError(
    `--simulate does not take --${given}; leave it out (it takes ${takes.join(', ')} and --json)`,
  )
}
