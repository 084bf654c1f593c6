/** The answer of a result, and its summary: what its chapters found, then how far to trust it. */
import type { Reading } from '../../results/reading.ts'
import type { Result } from '../../results/result.ts'
import { listed, many, showSpan } from '../display.ts'
import { partialSentence } from '../unfinished.ts'
import type { Answer, Finding, Section } from './block.ts'

const certainty = (text: string): Finding => ({ topic: 'Certainty', text })

/** What other processes took of the machine, where it was enough for a warning; null where it was not. */
function busySentence({ scenarios }: Reading): string | null {
  const warned = scenarios
    .flatMap(({ series }) => series.flatMap(({ runs }) => runs))
    .filter(({ warnings }) => warnings.some(({ code }) => code === 'busy-machine'))
    .flatMap(({ otherCpuShare }) => otherCpuShare ?? [])
  return warned.length === 0
    ? null
    : `Other processes took ${showSpan(warned, 'ratio')} of the machine's CPU time: these times may be far too high. Stop those processes and measure again.`
}

/** How far the numbers can be trusted, given how often each technique ran. */
function confidence(reading: Reading): Finding[] {
  const { result, scenarios } = reading
  const runs = scenarios.flatMap(({ series }) => series.map(each => each.runs.length))
  const [fewest, most] = [Math.min(...runs), Math.max(...runs)]
  const partial = partialSentence(result)
  const aborted = partial === null ? [] : [{ topic: 'Aborted', text: partial }]
  if (runs.length === 0) return [...aborted, { topic: 'No data', text: 'No measurement was made.' }]
  const trust =
    most === 1
      ? 'Each technique ran once. Another run gives other numbers; only repeated runs (for example -n 10) can show whether a difference is more than chance.'
      : `Every number is the median across ${fewest === most ? most : `${fewest} to ${most}`} runs; the tables show the range.`
  const busy = busySentence(reading)
  return [...aborted, ...(busy === null ? [] : [certainty(busy)]), certainty(trust)]
}

/** The summary: section by section, then how far to trust it. */
export const summaryOf = (reading: Reading, sections: readonly Section[]): Finding[] => [
  ...sections.flatMap(({ findings }) => findings),
  ...confidence(reading),
]

/** Sections beyond this many have their answers only where they stand. */
const mostSections = 3

/** What the result says, before anything else: the answer of the first section, and the headlines of the others. */
export function answerOf(reading: Reading, sections: readonly Section[]): Answer {
  const answered = sections.flatMap(({ answer }) => answer ?? [])
  const [first, ...others] = answered
  if (first === undefined) {
    const [reason] = confidence(reading)
    return {
      headline: 'Nothing was measured',
      sentences: reason === undefined ? [] : [reason.text],
      picture: () => null,
    }
  }
  const shown = others.slice(0, mostSections - 1)
  const left = others.length - shown.length
  const busy = busySentence(reading)
  return {
    ...first,
    sentences: [
      ...(busy === null ? [] : [busy]),
      ...first.sentences,
      ...shown.map(({ headline }) => headline),
      ...(left > 0 ? [`${many(left, 'more answer')} below.`] : []),
    ],
  }
}

/** The names of the techniques where they are few, their number where they are many: what a title says. */
export const techniquesPhrase = (result: Result): string => {
  const names = [...new Set(result.measurements.map(each => each.technique))]
  return names.length === 0
    ? 'nothing measured'
    : names.length <= 4
      ? listed(names)
      : many(names.length, 'technique')
}
