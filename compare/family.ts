/** The tests of a comparison that share one error rate, and what their number of runs can never show. */

import { holm } from '../statistics/holm.ts'
import { smallestP } from '../statistics/mann-whitney.ts'
import { areSame } from '../statistics/order-statistics.ts'
import { type Demand, fewestRuns, isTooFew, Power, usualDemand } from '../statistics/power.ts'
import type { Draft } from './draft.ts'
import { counted, digits } from './words.ts'

/** Drafts that are tested, with their p-values after Holm. */
export interface Family {
  readonly demand: Demand
  readonly power: Power
  readonly adjusted: ReadonlyMap<Draft, number>
}

/**
 * A metric shares the level with the others where no ruling is certain before, it has values on both sides, and
 * these are not all the same: equal values give a p of 1 however they are dealt out, so that no test of them can
 * ever reject by chance.
 */
function isTested({ certain, base, head }: Draft): boolean {
  if (certain !== null || base.length === 0 || head.length === 0) return false
  return !areSame([...base, ...head])
}

/** The family of some drafts. One run on a side has no p; its test takes its place in the family all the same. */
export function familyOf(drafts: readonly Draft[]): Family {
  const tested = drafts.filter(isTested)
  const adjusted = holm(tested.map(({ p }) => p ?? 1))
  const demand = { ...usualDemand, family: tested.length }
  return {
    demand,
    power: new Power(demand),
    adjusted: new Map(tested.map((draft, index) => [draft, adjusted[index] ?? 1])),
  }
}

type Sizes = readonly [base: number, head: number]

/**
 * A sentence for each pair of sample sizes that can never reach the level, however far apart the samples lie.
 * Exact two-sided floors for n a side: 3: 0.10, 4: 0.029, 5: 0.008, 10: 0.000011. The family shares the level, so
 * that 135 metrics need 0.00037, which 8 runs a side can give.
 */
export function floors({ demand, adjusted }: Family): string[] {
  const sizes = [...adjusted.keys()].map(({ base, head }): Sizes => [base.length, head.length])
  const distinct = new Map(sizes.map(each => [each.join(), each]))
  return [...distinct.values()]
    .filter(([base, head]) => isTooFew(base, head, demand))
    .map(each => floorSentence(each, demand))
}

function floorSentence([base, head]: Sizes, demand: Demand): string {
  const runs = base === head ? `${counted(base, 'run')} a side` : `${counted(base, 'run')} against ${head}`
  const least =
    Math.min(base, head) === 1
      ? 'one run has no p'
      : `the smallest possible p is ${digits(smallestP(base, head))}`
  const level = `${digits(demand.level * 100)} %`
  const needed =
    demand.family === 1
      ? `${level} is needed`
      : `${digits(demand.level / demand.family)} is needed, as ${demand.family} metrics share ${level}`
  return `${runs} can never show a difference: ${least}, and ${needed}; it takes at least ${fewestRuns(demand)} runs a side`
}
