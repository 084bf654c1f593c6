/**
 * Text into formats that have a syntax of their own. HTML and XML are written with the {@link markup} tag, which
 * escapes whatever is put in, so text from a result cannot become an element by an oversight.
 */

/** A piece of HTML or XML that is safe to write as it stands. */
export interface Markup {
  readonly markup: string
}

/** What can be put into {@link markup}: text is escaped, markup is not, null, undefined and false are nothing. */
export type Insertable = string | number | Markup | null | undefined | false | readonly Insertable[]

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

// XML 1.0 and HTML allow no control characters but tab, LF and CR, no lone surrogates and no U+FFFE or U+FFFF.
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]/g

/** Text for element content and quoted attributes of HTML and XML; characters that neither allows become U+FFFD. */
const escapeMarkup = (text: string): string =>
  text
    .toWellFormed()
    .replace(forbidden, '\ufffd')
    .replace(/[&<>"']/g, character => entities[character] ?? character)

const written = (value: Insertable): string => {
  if (value === null || value === undefined || value === false) return ''
  if (typeof value === 'string') return escapeMarkup(value)
  if (typeof value === 'number') return String(value)
  if ('markup' in value) return value.markup
  return value.map(written).join('')
}

/** Template tag for HTML and XML: everything inserted is escaped unless it is markup already. */
export const markup = (parts: TemplateStringsArray, ...values: Insertable[]): Markup => ({
  markup: parts.reduce((text, part, index) => text + written(values[index - 1]) + part),
})

/** Declares a text to be markup. For our own assets only, never for text from a result. */
export const trusted = (text: string): Markup => ({ markup: text })

/**
 * JSON that can stand inside a `<script>` element: no `<` (so no `</script>` and no `<!--`), and no
 * U+2028 and U+2029, which old script engines take for line ends.
 */
export const scriptJson = (value: unknown): Markup => ({
  markup: JSON.stringify(value)
    .toWellFormed()
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029'),
})

/** Text for a Markdown paragraph or table cell: one line, nothing of it taken for Markdown or HTML. */
export const escapeMarkdown = (text: string): string =>
  printable(text)
    .replace(/[\\`*_{}[\]()#+!|~]/g, character => `\\${character}`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('@', '&#64;')

/**
 * Text that the log of a CI system takes for text: GitHub Actions and its like read `::name::` at the start of a line,
 * which any word can come to stand at, and `##[name]`; Azure Pipelines and TeamCity read `##vso[` and `##teamcity[`.
 */
export const withoutCommands = (text: string): string =>
  text.replace(/(?<=^|\s)::(?=[a-z])/gim, ': :').replace(/##(?=\[|vso\[|teamcity\[)/gi, '# #')

/** Text in one line without control characters, so that none can steer a terminal, nor a CI system that reads its log. */
export const printable = (text: string): string =>
  withoutCommands(text)
    .toWellFormed()
    .replace(/[\r\n\t\u2028\u2029]+/g, ' ')
    .replace(forbidden, '\ufffd')
    .replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '\ufffd')
