/**
 * Measures two sides alternately: in blocks of one repetition of each, in random order within the block. Drift of
 * the machine then affects both sides alike, and what one run leaves behind favours neither side.
 */
import { differenceSentence, differing, environmentFacts } from '../../compare/differences.ts'
import type { Result } from '../../index.ts'
import { randomFor, repetitionSeed, shuffled } from '../../model/random.ts'
import { runOnce, SideError } from './one-run.ts'
import type { Side, SideName } from './side.ts'

/** A repetition of both sides. */
export interface Block {
  /** From 1. */
  readonly run: number
  /** Of both sides, so that both meet the same schedule. */
  readonly seed: number
  readonly order: readonly SideName[]
}

/** The blocks of an A/B comparison. */
export const blocksOf = (runs: number, seed: number): Block[] =>
  Array.from({ length: runs }, (_, index) => ({
    run: index + 1,
    seed: repetitionSeed(seed, index + 1),
    order: shuffled(['base', 'head'] as const, randomFor(seed, 'ab', index + 1)),
  }))

/** What was measured so far; a side without a run has none. */
export type Measured = Readonly<Record<SideName, readonly Result[]>>

/** How the caller watches. */
export interface AlternationHooks {
  begin(block: Block, side: Side): void
  /** One more run of a side was measured. */
  end(side: Side, measured: Measured): void
  readonly signal: AbortSignal
}

/**
 * Measures the blocks.
 * @param wordsOf the flags of `run` for a block
 * @returns what was measured until the end or the signal
 * @throws {SideError} when a side fails to run; what was measured before was passed to `end`
 */
export async function alternate(
  sides: Readonly<Record<SideName, Side>>,
  blocks: readonly Block[],
  wordsOf: (block: Block) => readonly string[],
  hooks: AlternationHooks,
): Promise<Measured> {
  const measured: Record<SideName, Result[]> = { base: [], head: [] }
  for (const block of blocks) {
    for (const name of block.order) {
      const side = sides[name]
      hooks.begin(block, side)
      const result = await runOnce(side, wordsOf(block), hooks.signal)
      if (result === null) return measured
      measured[name].push(result)
      checkSameMachine(side, measured[name])
      hooks.end(side, measured)
    }
  }
  return measured
}

/** The environment of a merged result is that of its first run, so that all must have the same. */
function checkSameMachine({ name, given }: Side, results: readonly Result[]): void {
  const [first, last] = [results[0], results.at(-1)]
  if (first === undefined || last === undefined) return
  const [other] = differing(environmentFacts(first), environmentFacts(last))
  if (other === undefined) return
  const what = differenceSentence({ ...other, series: [] }).replace('in the base', 'in its first run')
  throw new SideError(
    `--${name} ${given}: changed between its runs: ${what.replace('in the head', 'in a later one')}`,
    false,
  )
}

/** The runs of one side as one result, in the order in which they were measured. */
export function merged(
  results: readonly [Result, ...Result[]],
  blocks: readonly Block[],
  aborted: boolean,
): Result {
  // Conditions are judged over all runs, not those of the first.
  const [{ thresholds: _, ...first }] = results
  const notMeasured = results.flatMap(each => each.notMeasured ?? [])
  return {
    ...first,
    ...(notMeasured.length > 0 && { notMeasured }),
    finishedAt: (results.at(-1) ?? first).finishedAt,
    aborted,
    measurements: results.flatMap(({ measurements }, index) =>
      measurements.map(measurement => ({
        ...measurement,
        run: blocks[index]?.run ?? index + 1,
        // Each was a run of its own to the process that measured it.
        warnings: measurement.warnings.filter(({ code }) => code !== 'single-run'),
      })),
    ),
  }
}
