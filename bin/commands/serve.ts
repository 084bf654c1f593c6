/** `pushbench serve`: one server to try by hand, which publishes on a schedule. */
import { once } from 'node:events'
import { isIP } from 'node:net'
import { isTechnique, type Technique, UsageError } from '../../index.ts'
import { Publisher } from '../../measure/server/publisher.ts'
import { clockFrom, originNow } from '../../model/clock.ts'
import { payloadMaker } from '../../model/payload.ts'
import { formatRate, parseCount } from '../../model/quantity.ts'
import { dueEvents } from '../../model/schedule.ts'
import { defaults } from '../../model/settings.ts'
import { micros } from '../../model/units.ts'
import { unknownName } from '../../model/usage-error.ts'
import { optionHelp, type RunOptions, readOptions } from '../../plan/options.ts'
import { pairOf, readSettings, techniques } from '../../plan/plan.ts'
import { scenarios } from '../../scenarios/index.ts'
import { type Command, note, print, textArg } from '../command.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { watchSignals } from '../signals.ts'

/** Options of a run that make sense here. */
const taken = [
  'rate',
  'arrivals',
  'payload',
  'seed',
  'log',
  'delivery',
  'set',
] as const satisfies readonly (keyof RunOptions)[]

export const serve: Command = {
  usage: 'serve <technique>',
  summary: 'run one server that publishes on a schedule, to watch by hand',
  positionals: [{ name: 'technique', type: 'string', describe: 'see "list techniques"', demandOption: true }],
  options: {
    host: {
      type: 'string',
      default: '127.0.0.1',
      requiresArg: true,
      describe: 'address to listen on; other machines can reach any address but loopback',
    },
    port: {
      type: 'string',
      default: '8080',
      requiresArg: true,
      describe: 'port to listen on; 0 takes a free one',
    },
    ...Object.fromEntries(
      taken.map(name => {
        const { alias, help, unset } = optionHelp(name)
        const describe = unset === '' ? help : `${help}  [default: ${unset}]`
        return [
          name,
          {
            type: 'string',
            array: name === 'set',
            requiresArg: true,
            describe,
            ...(alias && { alias }),
          } as const,
        ]
      }),
    ),
  },
  examples: [
    ['$0 serve sse', 'prints a curl line that shows the events as they come'],
    ['$0 serve long-polling --port 0 --set long-polling.hold=5s', 'a hold short enough to watch it expire'],
  ],
  teach: 'The server publishes one stream to all clients until Ctrl-C. Nothing is measured.',
  handle: serveCommand,
}

async function serveCommand(args: Readonly<Record<string, unknown>>): Promise<ExitCode> {
  const technique = techniqueArg(textArg(args, 'technique') ?? '')
  const options = readOptions(
    Object.fromEntries(taken.flatMap(name => (args[name] === undefined ? [] : [[name, args[name]]]))),
  )
  const address = { host: hostArg(textArg(args, 'host') ?? ''), port: portArg(textArg(args, 'port') ?? '') }
  const usual = scenarios.steady.workload
  const { server } = pairOf(technique)
  const settings = { ...defaults(server.settings), ...readSettings(options.set, [technique]).get(technique) }

  const origin = originNow()
  const clock = clockFrom(origin)
  const observer = { handedOver() {}, heartbeats() {}, rearmed() {} }
  const { log: logEvents = usual.logEvents, delivery = usual.delivery } = options
  const running = server.create({ clock, logEvents, delivery, observer }, settings)
  const url = await running.listen(address).catch((error: Error) => {
    throw new UsageError(listenProblem(error, address))
  })
  const publisher = new Publisher({
    origin,
    clock,
    payload: payloadMaker(options.seed, options.payload ?? usual.payloadBytes),
    publish: (stream, event) => running.publish(stream, event),
  })
  const schedule = {
    seed: options.seed,
    arrivals: options.arrivals ?? usual.arrivals,
    ratePerSecond: options.rate ?? usual.ratePerSecond,
  }
  publisher.start(dueEvents(schedule, [0], micros(Number.POSITIVE_INFINITY)), clock(), clock())

  const watch = watchSignals('')
  print(`${technique} on ${url}`)
  note(
    `publishing ${formatRate(schedule.ratePerSecond)}, ${schedule.arrivals}; each event is [sequence, due µs, sent µs, payload]`,
  )
  note(`watch it with\n  ${server.watch(url)}\nend it with Ctrl-C`)

  await once(watch.signal, 'abort')
  await publisher.close()
  await running.close()
  watch.stop()
  return watch.code() ?? exitCodes.fine
}

function techniqueArg(name: string): Technique {
  if (isTechnique(name)) return name
  throw new UsageError(unknownName('technique', name, techniques))
}

function hostArg(host: string): string {
  if (host === 'localhost' || isIP(host) !== 0) return host
  throw new UsageError(
    `--host: "${host}" is not an address of this machine: give an IP address such as 127.0.0.1`,
  )
}

function portArg(text: string): number {
  const parsed = parseCount(text, 0)
  if ('value' in parsed && parsed.value <= 65_535) return parsed.value
  throw new UsageError(`--port: "${text}" is not a port: give a whole number from 0 to 65535`)
}

function listenProblem(error: Error, { host, port }: { host: string; port: number }): string {
  const code = 'code' in error ? error.code : ''
  if (code === 'EADDRINUSE') return `--port: ${port} on ${host} is in use: give another, or 0 for a free one`
  if (code === 'EACCES') return `--port: ${port} may not be opened by this user: give one above 1023`
  if (code === 'EADDRNOTAVAIL') return `--host: ${host} is not an address of this machine`
  return `cannot listen on ${host}:${port}: ${error.message}`
}
