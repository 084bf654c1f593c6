/** Shows where a series of runs stands: one line that renews itself on a terminal, plain lines elsewhere. */

import type { Progress } from '../index.ts'
import type { RunPlan } from '../measure/messages/run-plan.ts'
import type { Phase } from '../measure/run/hooks.ts'
import { formatBackoff } from '../model/backoff-text.ts'
import { toMilliseconds } from '../model/units.ts'

/** How often the plain view prints a line. */
const plainEveryMs = 5_000

/** Where the view writes to. */
export interface Screen {
  write(text: string): void
  readonly isTTY: boolean
  readonly columns: number
}

/** Follows one series. */
export class LiveView {
  readonly #screen: Screen
  #head = ''
  #phase: Phase | undefined
  #printedAt = 0
  #drawn = false

  constructor(screen: Screen) {
    this.#screen = screen
  }

  begin({ pair, run, runs, scenario, fault, workload }: RunPlan, index: number, total: number): void {
    const repetition = runs > 1 ? `, run ${run} of ${runs}` : ''
    const storm = fault === undefined ? scenario : `${fault.text}, ${formatBackoff(workload.backoff)}`
    this.#head = `[${index}/${total}] ${pair.foreign?.name ?? pair.technique} (${storm}${repetition})`
    this.#phase = undefined
  }

  progress(progress: Progress): void {
    const line = `${this.#head}  ${describe(progress)}`
    if (this.#screen.isTTY) {
      this.#screen.write(`\r\x1b[2K${line.slice(0, this.#screen.columns - 1)}`)
      this.#drawn = true
      return
    }
    const now = Date.now()
    if (progress.phase === this.#phase && now - this.#printedAt < plainEveryMs) return
    this.#phase = progress.phase
    this.#printedAt = now
    this.#screen.write(`${line}\n`)
  }

  /** Says something that stays, above the live line. */
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

const words: Readonly<Record<Phase, string>> = {
  boot: 'starting the server',
  connect: 'connecting',
  'warm-up': 'warming up',
  measure: 'measuring',
  drain: 'waiting for the last events',
  ceiling: 'asking as fast as the server answers',
}

function describe({ phase, connected, received, remaining, warmupReason }: Progress): string {
  const left =
    remaining === null || phase === 'drain'
      ? ''
      : `, ${(toMilliseconds(remaining) / 1_000).toFixed(1)} s left`
  const counts =
    phase === 'boot'
      ? ''
      : `: ${connected.toLocaleString('en')} connected, ${received.toLocaleString('en')} events delivered`
  const why = phase === 'warm-up' && warmupReason !== undefined ? ` (longer than asked: ${warmupReason})` : ''
  return `${words[phase]}${counts}${left}${why}`
}
