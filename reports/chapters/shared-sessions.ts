/** Pages of one session that share a queue: what each of them missed, though nothing was lost. */
import type { Scenario, Series } from '../../results/reading.ts'
import { show } from '../display.ts'
import type { Block, Finding } from './block.ts'

/** What the pages of a series took from each other, over all its runs; null where none shared a queue. */
interface Shared {
  readonly label: string
  readonly taken: number
  readonly expected: number
  /** By the number of the page in its session. */
  readonly pages: readonly { readonly page: number; readonly missed: number; readonly expected: number }[]
}

const sum = <T>(all: readonly T[], pick: (one: T) => number): number =>
  all.reduce((total, one) => total + pick(one), 0)

function sharedBy({ label, runs }: Series): Shared | null {
  const pages = runs.flatMap(run => run.pages ?? [])
  const taken = sum(runs, ({ events }) => events.takenByOther)
  if (taken === 0) return null
  return {
    label,
    taken,
    expected: sum(runs, ({ events }) => events.expected),
    pages: [...Map.groupBy(pages, ({ page }) => page)].map(([page, same]) => ({
      page,
      missed: sum(same, ({ missed }) => missed),
      expected: sum(same, ({ expected }) => expected),
    })),
  }
}

function sentence({ label, taken, expected, pages }: Shared): string {
  const missed = pages.map(
    each => `page ${each.page} missed ${show(each.missed, 'count')} of ${show(each.expected, 'count')}`,
  )
  return `With ${label} the pages of a session took ${show(taken, 'count')} of ${show(expected, 'count')} deliveries from each other: ${missed.join(', ')}.`
}

/** What each page of a session missed; empty where every page has a queue of its own. */
export function sharedSessionFindings({ series }: Pick<Scenario, 'series'>): Finding[] {
  const shared = series.map(sharedBy).filter(each => each !== null)
  return shared.length === 0
    ? []
    : [
        {
          topic: 'Sessions',
          text: `The pages of a session share one queue, so each event reaches only one of them. ${shared.map(sentence).join(' ')}`,
        },
      ]
}

/** The same for the terminal, which shows no summary. */
export const sharedSessionParagraphs = (scenario: Pick<Scenario, 'series'>): Block[] =>
  sharedSessionFindings(scenario).map(each => ({ kind: 'paragraph', ...each, only: ['terminal'] }))
