/** What leads a Markdown text: quoted lines that GitHub sets off in colour, and others show as a quotation. */
import { escapeMarkdown } from '../markup.ts'

/** A list of sentences under a heading that GitHub knows, with an empty line after it; nothing for none. */
export const alert = (kind: 'WARNING' | 'CAUTION', sentences: readonly string[]): string[] =>
  sentences.length === 0 ? [] : [`> [!${kind}]`, ...sentences.map(each => `> - ${escapeMarkdown(each)}`), '']
