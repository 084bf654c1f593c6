/**
 * Workflow commands of GitHub Actions: lines on stdout that become annotations of a run. Forgejo and Gitea read them
 * as well. See "Workflow commands for GitHub Actions" in GitHub's documentation.
 */
import { printable } from '../markup.ts'

/** How grave an annotation is. */
export type Severity = 'error' | 'warning' | 'notice'

/** One annotation. */
export interface Annotation {
  readonly severity: Severity
  readonly title: string
  readonly message: string
}

/** GitHub shows at most this many annotations of each severity for one step and silently drops the others. */
const mostShown = 10

/** A percent sign would begin an escape; a line end would end the command. The other control characters go. */
const escapeData = (text: string): string =>
  text
    .split(/\r\n|\r|\n/)
    .map(line => printable(line).replaceAll('%', '%25'))
    .join('%0A')

/** Within a property a colon and a comma have a meaning too. */
const escapeProperty = (text: string): string =>
  escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')

/** Where an error came from, as its sentence names it; a path from the root lies outside of the working directory. */
const place = /\(at ([^/()][^()]*?):(\d+)(?::\d+)?\)/

function placeOf(message: string): string {
  const [, file, line] = place.exec(message) ?? []
  return file === undefined ? '' : `,file=${escapeProperty(file)},line=${line}`
}

const commandOf = ({ severity, title, message }: Annotation): string =>
  `::${severity} title=${escapeProperty(title)}${placeOf(message)}::${escapeData(message)}`

/** Those that GitHub shows; the last of too many says what the others are. */
function shown(ofSeverity: readonly Annotation[]): Annotation[] {
  const rest = ofSeverity.slice(mostShown - 1)
  const [last] = rest
  if (last === undefined || rest.length === 1) return [...ofSeverity]
  const titles = rest.map(({ title }) => title).join('\n')
  return [
    ...ofSeverity.slice(0, mostShown - 1),
    { severity: last.severity, title: `and ${rest.length} more`, message: titles },
  ]
}

/** Annotations as lines, the gravest first; an empty text for none. */
export const workflowCommands = (all: readonly Annotation[]): string =>
  (['error', 'warning', 'notice'] as const)
    .flatMap(severity => shown(all.filter(each => each.severity === severity)))
    .map(annotation => `${commandOf(annotation)}\n`)
    .join('')
