/**
 * The registry of report formats. In comes a result, out comes text; a format is a pure function. Only `index.ts` of the
 * package and `bin` import this folder. Sub-folders: `chapters` is what a report says, `page`, `text` and `ci` are ways
 * to write it, `gate` and `trend` write comparisons and histories.
 */
import { type Reading, readingOf } from '../results/reading.ts'
import type { Result } from '../results/result.ts'
import { renderActionBenchmark } from './ci/action-benchmark.ts'
import { renderAnnotations } from './ci/annotations.ts'
import { renderJunit } from './ci/junit.ts'
import { renderHtml } from './page/html.ts'
import { renderCsv } from './text/csv.ts'
import { renderMarkdown } from './text/markdown.ts'
import { type TerminalOptions, renderTerminal as writeTerminal } from './text/terminal.ts'

/** One way to write a result. */
export interface Format {
  readonly name: string
  /** What the file is called in an output folder. */
  readonly fileName: string
  /** Media type, with the character set where the type has one. */
  readonly mime: string
  /** One line, without a full stop. */
  readonly description: string
  /**
   * Pure; the text is UTF-8 when written.
   * @param source a result, or its reading where several formats are written
   */
  readonly render: (source: Result | Reading) => string
}

const arranged = (source: Result | Reading): Reading => ('scenarios' in source ? source : readingOf(source))

/** A format that reads the result arranged. */
const rendering =
  (write: (reading: Reading) => string): Format['render'] =>
  source =>
    write(arranged(source))

/** Every format, by name. */
export const formats = {
  html: {
    name: 'html',
    fileName: 'report.html',
    mime: 'text/html; charset=utf-8',
    description: 'charts, tables and the summary in one file that opens from disk',
    render: rendering(renderHtml),
  },
  markdown: {
    name: 'markdown',
    fileName: 'report.md',
    mime: 'text/markdown; charset=utf-8',
    description: 'summary and table for a pull request or a wiki',
    render: rendering(renderMarkdown),
  },
  csv: {
    name: 'csv',
    fileName: 'report.csv',
    mime: 'text/csv; charset=utf-8; header=present',
    description: 'a row per measurement and a column per metric',
    render: rendering(({ result }) => renderCsv(result)),
  },
  junit: {
    name: 'junit',
    fileName: 'junit.xml',
    mime: 'application/xml; charset=utf-8',
    description: 'a test case per measurement, for CI servers',
    render: rendering(renderJunit),
  },
  annotations: {
    name: 'annotations',
    fileName: 'annotations.txt',
    mime: 'text/plain; charset=utf-8',
    description: 'annotations of GitHub Actions',
    render: rendering(renderAnnotations),
  },
  'action-benchmark': {
    name: 'action-benchmark',
    fileName: 'action-benchmark.json',
    mime: 'application/json',
    description: 'the customSmallerIsBetter JSON of github-action-benchmark',
    render: rendering(renderActionBenchmark),
  },
  terminal: {
    name: 'terminal',
    fileName: 'report.txt',
    mime: 'text/plain; charset=utf-8',
    description: 'the table that a run prints at its end',
    render: rendering(reading => writeTerminal(reading, { color: false, width: 160 })),
  },
} as const satisfies Record<string, Format>

/** The name of a format. */
export type FormatName = keyof typeof formats

/** The table of a result for a terminal. */
export const renderTerminal = (source: Result | Reading, options: TerminalOptions): string =>
  writeTerminal(arranged(source), options)
