/** Records of comma-separated values by RFC 4180, for every CSV that is written. */

/** RFC 4180 section 2, rules 5 to 7: quotes around a field with a comma, a quote or a line end; quotes doubled. */
const field = (value: string): string => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)

/** One record with its line end. */
export const record = (fields: readonly string[]): string => `${fields.map(field).join(',')}\r\n`

/** Text as a field: a spreadsheet runs text that begins like a formula; an apostrophe keeps it text. */
export const textField = (value: string): string =>
  (/^[=+\-@\t\r]/.test(value) ? `'${value}` : value).toWellFormed()

/** A number as a field, in its stored unit; empty for what was not measured, `inf` for a time that never came. */
export function numberField(value: number | null): string {
  if (value === null || Number.isNaN(value)) return ''
  return value === Number.POSITIVE_INFINITY ? 'inf' : String(value)
}
