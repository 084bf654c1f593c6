/** What a result is about, in words: its workload, its machine, and the command that repeats it. */
import { type Measurement, type Result, subjectName } from '../results/result.ts'
import { many, show, showPlain, showSpan } from './display.ts'
import { linkPhrase } from './link-words.ts'
import { techniquesAsked } from './unfinished.ts'

/** A name and its value. */
export interface Fact {
  readonly name: string
  readonly value: string
}

/** A measurement, or what is left of one: its workload. */
type Loaded = Pick<Measurement, 'workload'>

/** Every different phrase that the measurements yield, as one text. */
const every = (measurements: readonly Loaded[], phrase: (m: Loaded) => string): string =>
  [...new Set(measurements.map(phrase))].join(' or ')

/** The workload of some measurements, phrase by phrase; empty without measurements. */
export function workloadPhrases(measurements: readonly Loaded[]): string[] {
  if (measurements.length === 0) return []
  return [
    every(measurements, m => many(m.workload.clients, 'client')),
    every(measurements, ratePhrase),
    ...arrivalPhrases(measurements),
    every(measurements, m => `${showPlain(m.workload.payloadBytes, 'bytes')} payload`),
    durationPhrase(measurements),
    ...warmupPhrases(measurements),
    ...[...new Set(measurements.flatMap(deliveryPhrases))],
    ...faultPhrases(measurements),
    ...(measurements.some(m => m.workload.link !== null)
      ? [every(measurements, m => (m.workload.link === null ? 'no link' : linkPhrase(m.workload.link)))]
      : []),
  ]
}

/** What was measured and on what, in one line: below the title of a page and of every picture. */
export function setupPhrases(result: Result): string[] {
  const { measurements, environment } = result
  const names = new Set(measurements.map(subjectName))
  const asked = techniquesAsked(result)
  return measurements.length === 0
    ? []
    : [
        `${names.size < asked ? `${names.size} of ` : ''}${many(asked, 'technique')}`,
        every(measurements, m => many(m.workload.clients, 'client')),
        every(measurements, ratePhrase),
        durationPhrase(measurements),
        ...(measurements.some(m => m.workload.link !== null)
          ? [every(measurements, m => (m.workload.link === null ? 'no link' : linkPhrase(m.workload.link)))]
          : []),
        many(environment.cores, 'core'),
      ]
}

/** How often events come, and to whom. */
function ratePhrase({ workload }: Loaded): string {
  if (workload.arrivals === 'pulses') return 'pairs of events to all'
  const rate = `${showPlain(workload.ratePerSecond, 'count')} events/s`
  return workload.audience === 'broadcast' ? `${rate} to all` : `${rate} per stream, ${workload.audience}`
}

/** How long was measured; storms end when they are over, so theirs are a range. */
function durationPhrase(measurements: readonly Loaded[]): string {
  const durations = measurements.map(({ workload }) => workload.durationMicros)
  const [least, most] = [Math.min(...durations), Math.max(...durations)]
  return new Set(durations).size > 1
    ? `${showPlain(least, 'µs')} to ${showPlain(most, 'µs')} measured`
    : every(measurements, m => `${showPlain(m.workload.durationMicros, 'µs')} measured`)
}

/** How long events were published before, where it had to be longer than was asked for. */
function warmupPhrases(measurements: readonly Loaded[]): string[] {
  const longer = measurements.flatMap(({ workload }) => workload.effectiveWarmupMicros ?? [])
  const most = Math.max(0, ...longer)
  return most === 0
    ? []
    : [`warm-up of up to ${showPlain(most, 'µs')}, longer for techniques with long intervals`]
}

/** The processes that space events; single events have no such process. */
function arrivalPhrases(measurements: readonly Loaded[]): string[] {
  const spaced = measurements.filter(({ workload }) => workload.arrivals !== 'pulses')
  return spaced.length === 0
    ? []
    : [every(spaced, m => `${m.workload.arrivals === 'poisson' ? 'Poisson' : m.workload.arrivals} arrivals`)]
}

/** The faults, and the backoff policies of the clients. */
function faultPhrases(measurements: readonly Loaded[]): string[] {
  const faulted = measurements.filter(({ workload }) => workload.fault !== null)
  if (faulted.length === 0) return []
  const braked = faulted.some(({ workload }) => workload.acceptRatePerSecond !== null)
  return [
    every(faulted, m => m.workload.fault ?? ''),
    `backoff ${every(faulted, m => m.workload.backoff)}`,
    ...(braked
      ? [
          every(faulted, ({ workload: { acceptRatePerSecond: rate } }) =>
            rate === null ? 'no accept limit' : `at most ${showPlain(rate, 'count')} connections/s`,
          ),
        ]
      : []),
  ]
}

/** What a workload promises other than a log to every client, and how the server learns of events. */
function deliveryPhrases({ workload }: Loaded): string[] {
  const { delivery, pagesPerSession, backendPollMicros } = workload
  return [
    ...(delivery === 'last-value' ? ['only the newest value kept'] : []),
    ...(delivery === 'session-queue' ? ['a queue for each session'] : []),
    ...(pagesPerSession > 1 ? [`${pagesPerSession} pages a session`] : []),
    ...(backendPollMicros > 0 ? [`backend polled every ${showPlain(backendPollMicros, 'µs')}`] : []),
  ]
}

/** `2026-01-31 12:34 UTC`. */
export const showTime = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`

const orUnknown = (value: string | number | null): string => (value === null ? 'unknown' : String(value))

/** What other processes took of the machine in the measured windows: `1.20 %–4.30 %`. */
function otherCpuSpan({ measurements }: Result): string {
  const shares = measurements.flatMap(({ otherCpuShare }) => otherCpuShare ?? [])
  return shares.length === 0 ? 'unknown' : `${showSpan(shares, 'ratio')} of the machine`
}

/** The machine and the software, as a list. */
export function environmentFacts(result: Result): Fact[] {
  const { environment, tool } = result
  const packages = Object.entries(environment.packages).map(([name, version]) => `${name} ${version}`)
  return [
    { name: 'pushbench', value: tool.version },
    { name: 'Node.js', value: environment.node },
    { name: 'libraries', value: packages.join(', ') || 'unknown' },
    { name: 'CPU', value: `${environment.cpu}, ${many(environment.cores, 'core')}` },
    { name: 'memory', value: show(environment.memoryBytes, 'bytes') },
    { name: 'kernel', value: environment.kernel },
    {
      name: 'file descriptors',
      value: environment.fdLimit === null ? 'unknown' : show(environment.fdLimit, 'count'),
    },
    { name: 'port range', value: orUnknown(environment.portRange) },
    { name: 'congestion control', value: orUnknown(environment.congestionControl) },
    { name: 'load at the start', value: orUnknown(environment.loadAverage) },
    { name: 'CPU time of other processes', value: otherCpuSpan(result) },
    { name: 'git commit', value: orUnknown(environment.gitCommit) },
    { name: 'started', value: showTime(result.startedAt) },
    { name: 'finished', value: showTime(result.finishedAt) },
  ]
}

/** A word as a POSIX shell reads it back. */
const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`

/** Arguments without the folder of the results, so that to repeat them does not replace them. */
const withoutOutput = (argv: readonly string[]): string[] =>
  argv.filter(
    (word, at) => !/^(-o|--output(=|$))/.test(word) && !['-o', '--output'].includes(argv[at - 1] ?? ''),
  )

/** The command that repeats the result, the seed included, into a folder of its own. */
export function repeatCommand(result: Result): string {
  const { seed } = result.command
  const argv = withoutOutput(result.command.argv)
  const seeded = argv.some(word => word === '--seed' || word.startsWith('--seed='))
  return ['npx', 'pushbench', ...argv, ...(seeded ? [] : ['--seed', String(seed)])].map(shellWord).join(' ')
}
