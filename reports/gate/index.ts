/**
 * The registry of formats of a comparison. In comes a comparison, out comes text; a format is a pure function. Only `bin`
 * imports this folder.
 */
import type { Comparison } from '../../compare/compare.ts'
import { renderGateAnnotations } from './annotations.ts'
import { renderGateCsv } from './csv.ts'
import { renderGateHtml } from './html.ts'
import { renderGateJson } from './json.ts'
import { renderGateJunit } from './junit.ts'
import { renderGateMarkdown } from './markdown.ts'
import { renderGateTerminal } from './terminal.ts'
import type { GateOptions } from './verdicts.ts'

/** One way to write a comparison. */
export interface GateFormat {
  readonly fileName: string
  /** One line, without a full stop. */
  readonly description: string
  /** Pure; the text is UTF-8 when written. */
  readonly render: (comparison: Comparison, options: GateOptions) => string
}

const registry = {
  json: {
    fileName: 'comparison.json',
    description: 'every number of every finding as JSON',
    render: renderGateJson,
  },
  markdown: {
    fileName: 'comparison.md',
    description: 'the verdicts for a job summary or a pull request',
    render: renderGateMarkdown,
  },
  html: {
    fileName: 'comparison.html',
    description: 'the verdicts in one HTML file that opens from disk',
    render: renderGateHtml,
  },
  csv: {
    fileName: 'comparison.csv',
    description: 'a row per finding',
    render: renderGateCsv,
  },
  junit: {
    fileName: 'junit.xml',
    description: 'a test case per metric of a series, for CI servers',
    render: renderGateJunit,
  },
  annotations: {
    fileName: 'annotations.txt',
    description: 'annotations of GitHub Actions',
    render: renderGateAnnotations,
  },
  terminal: {
    fileName: 'comparison.txt',
    description: 'what a comparison prints',
    render: comparison => renderGateTerminal(comparison, { color: false }),
  },
} satisfies Record<string, GateFormat>

/** The name of a format. */
export type GateFormatName = keyof typeof registry

/** Every format, by name. */
export const gateFormats: Readonly<Record<GateFormatName, GateFormat>> = registry

export { renderGateTerminal } from './terminal.ts'
export { countsOf, type GateOptions, isFailed } from './verdicts.ts'
