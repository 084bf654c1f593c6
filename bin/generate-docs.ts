/** Generates the documents that list the registries: `npm run docs`. */
import { readFileSync, writeFileSync } from 'node:fs'
import { commandsTable, referencePage } from './docs/reference.ts'
import { families, techniquesPage } from './docs/techniques.ts'
import { warningsTable } from './docs/warnings.ts'

const root = new URL('../', import.meta.url)

/** What a document has between two markers that name it. */
const generated: Readonly<Record<string, () => string>> = {
  families,
  commands: commandsTable,
  warnings: warningsTable,
}

/**
 * A document with its generated parts replaced: what stands between `<!-- generated: NAME -->` and
 * `<!-- end of NAME -->`.
 * @throws {Error} for a name that nothing generates
 */
export const withGenerated = (document: string): string =>
  document.replace(
    /(<!-- generated: (\w+) .*-->\n)[\s\S]*?(\n<!-- end of \2 -->)/g,
    (_, opening: string, name: string, closing: string) => {
      const make = generated[name]
      if (make === undefined) throw new Error(`nothing generates "${name}"`)
      return opening + make() + closing
    },
  )

const completed = (path: string): string => withGenerated(readFileSync(new URL(path, root), 'utf8'))

/** Every document with something generated, by its path: the text as it must stand in the repository. */
export const documents: Readonly<Record<string, () => string>> = {
  'docs/techniques.md': techniquesPage,
  'docs/reference.md': referencePage,
  'docs/method.md': () => completed('docs/method.md'),
  'README.md': () => completed('README.md'),
}

if (import.meta.main) {
  for (const [path, text] of Object.entries(documents)) writeFileSync(new URL(path, root), text())
}
