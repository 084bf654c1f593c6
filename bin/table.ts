/** Tables of plain text. */

/** A row: what stands under each heading. */
export type TableRow = Readonly<Record<string, unknown>>

/** Which side the cells of a column lean to: words left, numbers right. */
export type Lean = (column: number) => 'left' | 'right'

/** Rows as aligned columns under the headings of the first of them; nothing follows the last cell of a line. */
export function table(rows: readonly TableRow[], lean: Lean = () => 'left'): string {
  const headings = Object.keys(rows[0] ?? {})
  const lines = [headings, ...rows.map(row => headings.map(heading => String(row[heading] ?? '')))]
  const widths = headings.map((_, column) => Math.max(...lines.map(cells => cells[column]?.length ?? 0)))
  const padded = (cell: string, column: number): string =>
    lean(column) === 'right' ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)
  return lines.map(cells => cells.map(padded).join('  ').trimEnd()).join('\n')
}
