/**
 * How often is the gate right? Real comparisons by the real command on this machine: of a server with itself, which
 * should report no change, and with one that spends a fifth more CPU time, which should regress on CPU alone.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Comparison } from '../compare/compare.ts'

/** One comparison of the gate. */
export interface GateTrial {
  /** Metrics that it called regressed. */
  readonly regressed: readonly string[]
  readonly improved: readonly string[]
  readonly inconclusive: readonly string[]
  /** CPU time per delivery of head / base; NaN where it was not measured. */
  readonly cpuRatio: number
}

/** How a comparison is made. */
export interface GateLoad {
  /** Runs a side. */
  readonly runs: number
  readonly seed: number
  /** Further flags of `ab`. */
  readonly flags: readonly string[]
}

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))

/**
 * Compares the unchanged server with a head.
 * @param head a module of `test/handicaps/`, e.g. `none` or `cpu`
 * @throws {Error} when the command fails otherwise than by its verdict
 */
function tryGate(head: string, { runs, seed, flags }: GateLoad): GateTrial {
  const folder = mkdtempSync(join(tmpdir(), 'pushbench-gate-'))
  try {
    const sides = [
      '--base',
      path('../test/handicaps/none.ts'),
      '--head',
      path(`../test/handicaps/${head}.ts`),
    ]
    const words = ['ab', ...sides, '-n', String(runs), '--seed', String(seed), ...flags]
    const { stdout, stderr } = spawnSync(
      process.execPath,
      [path('../bin/launch.js'), ...words, '--no-progress', '--quiet', '--json', '-', '-o', folder],
      { encoding: 'utf8', maxBuffer: 1 << 28 },
    )
    if (stdout === '') throw new Error(`the gate compared nothing: ${stderr}`)
    return trialOf(JSON.parse(stdout) as Comparison)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function trialOf({ findings }: Comparison): GateTrial {
  const called = (verdict: string): string[] =>
    findings.filter(finding => finding.verdict === verdict).map(({ metric }) => metric)
  return {
    regressed: called('regressed'),
    improved: called('improved'),
    inconclusive: called('inconclusive'),
    cpuRatio: findings.find(({ metric }) => metric === 'server.cpuPerDelivery')?.effect ?? Number.NaN,
  }
}

/** Short runs: what is looked at is the rate of verdicts, which does not depend on their length. */
const brief = { runs: 5, flags: ['-c', '50', '-R', '20/s', '-d', '500ms', '-W', '200ms'] }
/** Enough deliveries to resolve a fifth of the CPU time, with the default number of runs of a gate. */
const busy = { runs: 10, flags: ['-c', '200', '-R', '20/s', '-d', '1s', '-W', '300ms'] }

/**
 * A row for each comparison.
 * @param row takes the cells of one
 * @param same comparisons of the server with itself
 * @param handicapped comparisons with the one that spends more CPU time
 */
export function benchGate(row: (...cells: string[]) => void, same = 20, handicapped = 5): void {
  row('head', 'comparison', 'regressed', 'improved', 'inconclusive', 'CPU per delivery, head / base')
  row('---', '---', '---', '---', '---', '---')
  const each = [
    ...Array.from({ length: same }, (_, index) => ({ head: 'none', load: brief, index })),
    ...Array.from({ length: handicapped }, (_, index) => ({ head: 'cpu', load: busy, index })),
  ]
  for (const { head, load, index } of each) {
    const trial = tryGate(head, { ...load, seed: 1 + index * 100 })
    const names = [trial.regressed, trial.improved, trial.inconclusive].map(list => list.join(', ') || '-')
    row(
      head === 'none' ? 'the same' : '20 % more CPU',
      String(index + 1),
      ...names,
      trial.cpuRatio.toFixed(2),
    )
  }
}
