/**
 * What a chapter of a report is made of: findings for the summary, and blocks that the page, Markdown and the terminal
 * render alike. Plain data, made from a reading of a result; no block depends on the output format.
 */
import type { Reading } from '../../results/reading.ts'
import type { Figure } from './figure.ts'
import type { NumberTable, SeriesTable } from './table.ts'

/** Where a block is rendered: the HTML page, Markdown, the terminal. */
export type Medium = 'page' | 'markdown' | 'terminal'

/** One paragraph of the summary. */
export interface Finding {
  /** One or two words to find it by. */
  readonly topic: string
  /** Whole sentences, plain text. */
  readonly text: string
}

/** Whole sentences. */
export interface Paragraph {
  readonly kind: 'paragraph'
  /** What the paragraph is about: a word or a flag in front of it. */
  readonly topic?: string
  readonly text: string
  /** `lead` opens a section, `note` says how to read the block next to it. */
  readonly role?: 'lead' | 'note'
}

/** A heading within a section. */
export interface Heading {
  readonly kind: 'heading'
  readonly text: string
}

/** Entries, each a few words and a sentence about them. */
export interface List {
  readonly kind: 'list'
  readonly items: readonly Finding[]
}

/** A table of numbers by itself. */
export interface Numbers extends NumberTable {
  readonly kind: 'numbers'
  readonly title: string
}

/** Charts with their numbers. */
export interface Figures {
  readonly kind: 'figures'
  readonly figures: readonly Figure[]
}

/** Figures that answer one question in several ways, of which the page shows the one that the reader picks. */
export interface Choice {
  readonly kind: 'choice'
  /** What differs, in a word: `Cost`. */
  readonly question: string
  readonly options: readonly { readonly label: string; readonly figure: Figure }[]
}

/** One piece of a section. Without `only` every medium renders it. */
export type Block = (Paragraph | Heading | List | Numbers | SeriesTable | Figures | Choice) & {
  readonly only?: readonly Medium[]
}

/** Makes a value when it is first asked for: what a medium does not show costs it nothing. */
export function once<T extends object | null>(make: () => T): () => T {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}

/** A block of figures that are made when a medium first reads them. */
export function figuresBlock(make: () => readonly Figure[], only: readonly Medium[]): Block {
  const figures = once(make)
  return {
    kind: 'figures',
    get figures() {
      return figures()
    },
    only,
  }
}

/** What a section found, for a reader who reads nothing else. */
export interface Answer {
  /** One sentence with a number. */
  readonly headline: string
  /** One or two more. */
  readonly sentences: readonly string[]
  /** What shows it, made when it is first asked for; on the page it follows the sentences of the first section. */
  readonly picture: () => Figures | Choice | null
}

/** A part of the report under a heading of its own. */
export interface Section {
  /** Unique within the report, of letters, digits and hyphens: a scenario's name can be any text and an id cannot. */
  readonly id: string
  readonly title: string
  /** Absent for a section that adds to what others found. */
  readonly answer?: Answer
  readonly findings: readonly Finding[]
  readonly blocks: readonly Block[]
}

/** A chapter: sections where the result has something to say. */
export type Chapter = (reading: Reading) => readonly Section[]

/** The blocks of a section that a medium renders. */
export const blocksFor = ({ blocks }: Section, medium: Medium): Block[] =>
  blocks.filter(({ only }) => only === undefined || only.includes(medium))

/** A finding from some sentences; none where every sentence is null. */
export function findingOf(topic: string, sentences: readonly (string | null)[]): Finding[] {
  const text = sentences.filter(each => each !== null).join(' ')
  return text === '' ? [] : [{ topic, text }]
}
