/** `pushbench doctor`: what this machine can hold, and how to raise it. */
import { execFileSync } from 'node:child_process'
import { availableParallelism, freemem, loadavg, totalmem } from 'node:os'
import { packageVersion, readEnvironment } from '../../measure/run/environment.ts'
import {
  connectionsPerProcess,
  connectionsPerRelay,
  connectionsPerServer,
  processesPerSide,
  readLimits,
} from '../../measure/run/limits.ts'
import { clockFrom, originNow } from '../../model/clock.ts'
import { UsageError } from '../../model/usage-error.ts'
import { requireChromium } from '../../pages/chromium.ts'
import { type Command, print } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'

/** One thing looked at: what was found, and what can be done where it is a limit. */
interface Finding {
  readonly name: string
  readonly value: string
  readonly advice?: string
}

export const doctor: Command = {
  usage: 'doctor',
  summary: 'show the limits of this machine: cores, descriptors, ports, relays, clock, browser',
  options: { json: { type: 'boolean', describe: 'as JSON' } },
  examples: [['$0 doctor', 'before asking for many clients']],
  teach: 'Nothing is changed and nothing leaves this machine.',
  async handle(args) {
    const findings = examine()
    print(args['json'] === true ? JSON.stringify(findings, null, 1) : describe(findings))
    return exitCodes.fine
  },
}

function examine(): Finding[] {
  const limits = readLimits()
  const environment = readEnvironment()
  const [perProcess, perServer] = [connectionsPerProcess(limits), connectionsPerServer(limits)]
  const most = Math.min(perProcess, perServer) * processesPerSide
  const perRelay = connectionsPerRelay(limits)
  const load = loadavg()[0] ?? 0
  return [
    {
      name: 'cores',
      value: `${limits.cores} (${environment.cpu})`,
      ...(limits.cores < 3 && {
        advice:
          'server, clients and the parent share them: compare techniques with each other, not with other machines',
      }),
    },
    {
      name: 'load',
      value: `${load.toFixed(2)} (1 minute)`,
      ...(load > availableParallelism() / 2 && {
        advice: 'something else is busy, and latencies will include its load',
      }),
    },
    { name: 'memory', value: `${gib(freemem())} GiB free of ${gib(totalmem())} GiB` },
    {
      name: 'file descriptors',
      value: limits.descriptors === null ? 'unknown on this platform' : `${limits.descriptors} a process`,
      advice:
        'one is needed for each client on either side; raise them with "ulimit -n <number>" or LimitNOFILE=',
    },
    {
      name: 'ports',
      value:
        limits.ports === null ? 'unknown on this platform' : `${limits.ports} (${environment.portRange})`,
      advice:
        'bounds the clients of one server process; raise it with "sysctl net.ipv4.ip_local_port_range=\'1024 65535\'"',
    },
    {
      name: 'clients',
      value: Number.isFinite(most)
        ? `${perProcess} a client process, ${perServer} a server process, ${most} in all`
        : 'no limit known',
    },
    {
      name: 'clients through a link',
      value: Number.isFinite(perRelay)
        ? `${perRelay} a relay process, ${processesPerSide} of those at the most`
        : 'no limit known',
      advice: 'a relay needs two file descriptors for each client of it',
    },
    { name: 'clock', value: `monotonic, ${clockStep().toFixed(2)} µs a reading` },
    { name: 'congestion control', value: environment.congestionControl ?? 'unknown' },
    { name: 'runtime', value: `Node.js ${environment.node}` },
    browser(),
    ...Object.entries(environment.packages).map(([name, version]) => ({
      name: `package ${name}`,
      value: version,
    })),
  ]
}

/** The browser for browser clients, or how to get one. */
function browser(): Finding {
  const name = 'Chromium'
  try {
    const { origin, path } = requireChromium()
    if (path === null) return { name, value: `${packageVersion(origin)} (package ${origin})` }
    return { name, value: `${versionOf(path)} (${origin}: ${path})` }
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    return { name, value: 'not found', advice: error.message }
  }
}

/** The version that a browser says of itself. */
function versionOf(path: string): string {
  try {
    const said = execFileSync(path, ['--version'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 10_000,
    })
    return /\d+(?:\.\d+)+/.exec(said)?.[0] ?? 'version unknown'
  } catch {
    return 'version unknown'
  }
}

const gib = (bytes: number): string => (bytes / 2 ** 30).toFixed(1)

/** Mean cost of reading the clock, in microseconds. */
function clockStep(): number {
  const clock = clockFrom(originNow())
  const readings = 10_000
  const from = clock()
  for (let reading = 1; reading < readings; reading++) clock()
  return (clock() - from) / readings
}

function describe(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ name }) => name.length))
  return findings
    .flatMap(({ name, value, advice }) => [
      `${name.padEnd(width)}  ${value}`,
      ...(advice === undefined ? [] : [`${''.padEnd(width)}  - ${advice}`]),
    ])
    .join('\n')
}
