/**
 * Shows where a series of runs stands: one line that renews itself on a terminal, one line for each run elsewhere, and
 * a line for each phase and every few seconds where `--progress` asks for it.
 */

import type { Progress } from '../index.ts'
import type { RunPlan } from '../measure/messages/run-plan.ts'
import type { Phase } from '../measure/run/hooks.ts'
import { formatBackoff } from '../model/backoff-text.ts'
import { toMilliseconds } from '../model/units.ts'
import { show } from '../reports/display.ts'
import { type MetricName, metric } from '../results/metrics.ts'
import { isAborted } from '../results/reading.ts'
import type { Measurement } from '../results/result.ts'

/** How often `--progress` prints a line within a phase. */
const everyMs = 5_000

/** Where a view writes to. */
export interface Screen {
  write(text: string): void
  readonly isTTY: boolean
  readonly columns: number
}

/** Follows one series. */
export interface View {
  /** A run begins; counted from 1 of `total`. */
  begin(plan: RunPlan, index: number, total: number): void
  progress(progress: Progress): void
  end(measurement: Measurement): void
  /** Says something that stays, in lines of its own. */
  say(text: string): void
  /** Leaves the screen to others. */
  clear(): void
}

/** The view that fits a screen. @param everyPhase lines for each phase, also without a terminal */
export function viewOn(screen: Screen, everyPhase: boolean): View {
  if (screen.isTTY) return new RenewedLine(screen)
  return everyPhase ? new PhaseLines(screen) : new RunLines(screen)
}

/** One line that renews itself. */
class RenewedLine implements View {
  readonly #screen: Screen
  #head = ''
  #drawn = false

  constructor(screen: Screen) {
    this.#screen = screen
  }

  begin(plan: RunPlan, index: number, total: number): void {
    this.#head = headOf(plan, index, total)
  }

  progress(progress: Progress): void {
    const line = `${this.#head}  ${describe(progress)}`
    this.#screen.write(`\r\x1b[2K${line.slice(0, this.#screen.columns - 1)}`)
    this.#drawn = true
  }

  end(): void {}

  say(text: string): void {
    this.clear()
    this.#screen.write(`${text}\n`)
  }

  clear(): void {
    if (!this.#drawn) return
    this.#screen.write('\r\x1b[2K')
    this.#drawn = false
  }
}

/** One line for each run: begun when the window opens, ended with the key figures. */
class RunLines implements View {
  readonly #screen: Screen
  #head = ''
  #open = false

  constructor(screen: Screen) {
    this.#screen = screen
  }

  begin(plan: RunPlan, index: number, total: number): void {
    this.#head = headOf(plan, index, total)
  }

  progress(progress: Progress): void {
    if (progress.phase !== 'measure' || this.#open) return
    this.#open = true
    this.#screen.write(`${this.#head}  ${words.measure}: ${connectedText(progress)}`)
  }

  end(measurement: Measurement): void {
    this.#screen.write(`${this.#open ? '; ' : `${this.#head}  `}${keyFigures(measurement)}\n`)
    this.#open = false
  }

  say(text: string): void {
    this.clear()
    this.#screen.write(`${text}\n`)
  }

  clear(): void {
    if (this.#open) this.#screen.write('\n')
    this.#open = false
  }
}

/** A line for each phase of a run, and every few seconds within it. */
class PhaseLines implements View {
  readonly #screen: Screen
  #head = ''
  #phase: Phase | undefined
  #printedAt = 0

  constructor(screen: Screen) {
    this.#screen = screen
  }

  begin(plan: RunPlan, index: number, total: number): void {
    this.#head = headOf(plan, index, total)
    this.#phase = undefined
  }

  progress(progress: Progress): void {
    const now = Date.now()
    if (progress.phase === this.#phase && now - this.#printedAt < everyMs) return
    this.#phase = progress.phase
    this.#printedAt = now
    this.say(`${this.#head}  ${describe(progress)}`)
  }

  end(measurement: Measurement): void {
    this.say(`${this.#head}  ${keyFigures(measurement)}`)
  }

  say(text: string): void {
    this.#screen.write(`${text}\n`)
  }

  clear(): void {}
}

/** `[2/15] polling (steady)`. */
function headOf(
  { pair, run, runs, scenario, fault, workload }: RunPlan,
  index: number,
  total: number,
): string {
  const repetition = runs > 1 ? `, run ${run} of ${runs}` : ''
  const storm = fault === undefined ? scenario : `${fault.text}, ${formatBackoff(workload.backoff)}`
  return `[${index}/${total}] ${pair.foreign?.name ?? pair.technique} (${storm}${repetition})`
}

/** The numbers of a run at one glance; those that it does not have are left out. */
const figures: readonly (readonly [string, MetricName])[] = [
  ['delivered', 'events.delivered'],
  ['p50', 'latency.p50'],
  ['p99', 'latency.p99'],
  ['empty', 'emptyRatio'],
  ['peak', 'storm.peakArrivals'],
  ['t99', 'storm.backP99'],
]

/** `passed, delivered 12,000, p50 502 ms, p99 991 ms, empty 13.2 %`. */
const keyFigures = (measurement: Measurement): string =>
  [
    measurement.passed ? 'passed' : isAborted(measurement) ? 'aborted' : 'failed',
    ...figures.flatMap(([name, key]) => {
      const { read, unit } = metric(key)
      const value = read(measurement)
      return value === null ? [] : `${name} ${show(value, unit)}`
    }),
  ].join(', ')

const words: Readonly<Record<Phase, string>> = {
  boot: 'starting the server',
  connect: 'connecting',
  'warm-up': 'warming up',
  measure: 'measuring',
  drain: 'waiting for the last events',
  ceiling: 'asking as fast as the server answers',
}

const connectedText = ({ connected }: Progress): string => `${connected.toLocaleString('en')} connected`

function describe(progress: Progress): string {
  const { phase, received, remaining, warmupReason } = progress
  const left =
    remaining === null || phase === 'drain'
      ? ''
      : `, ${(toMilliseconds(remaining) / 1_000).toFixed(1)} s left`
  const counts =
    phase === 'boot' ? '' : `: ${connectedText(progress)}, ${received.toLocaleString('en')} events delivered`
  const why = phase === 'warm-up' && warmupReason !== undefined ? ` (longer than asked: ${warmupReason})` : ''
  return `${words[phase]}${counts}${left}${why}`
}
