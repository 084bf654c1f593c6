/** Markdown building blocks of the generated documents. */
import type { Settings } from '../../model/settings.ts'

/** A Markdown table. A bar within a cell would end it. */
export function tableOf(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map(cell => literal(cell).replaceAll('|', '\\|')).join(' | ')} |`
  return [line(headings), line(headings.map(() => '---')), ...rows.map(line)].join('\n')
}

/** Prose as it stands: outside of code, Markdown would read a `<word>` as HTML. */
export const literal = (text: string): string =>
  text
    .split(/(`[^`]*`)/)
    .map((part, index) => (index % 2 === 0 ? part.replaceAll('<', '&lt;') : part))
    .join('')

/** Words as code. */
export const code = (text: string): string => `\`${text}\``

/** The declared settings as a table; a bare number of bytes gets its unit. */
export const settingsTable = (settings: Settings, name: string): string =>
  tableOf(
    [name, 'value', 'default', 'what it does'],
    Object.entries(settings).map(([key, setting]) => [
      code(key),
      setting.form,
      `${code(setting.format(setting.fallback))}${setting.suffix === 'Bytes' ? ' bytes' : ''}`,
      setting.help,
    ]),
  )
