/** The files of the source that documents name: a file that moves takes its name in the documents with it. */
import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const root = join(import.meta.dirname, '../..')
/** What the guide has its reader write. */
const written = /ndjson-post|length-cutter|renewed-lines|<name>/

const named = globSync('{README.md,docs/**/*.md}', { cwd: root }).flatMap(document =>
  [
    ...readFileSync(join(root, document), 'utf8').matchAll(
      /`((?:bench|bin|clients|compare|faults|measure|model|pages|plan|relay|reports|results|scenarios|servers|simulation|statistics|test|verify)\/[\w./<>-]+\.\w+)`/g,
    ),
  ].map(([, file = '']) => ({ document, file })),
)

test('the files that documents name exist', () => {
  assert.ok(named.length > 40, `${named.length} names were found`)
  assert.deepEqual(
    named.filter(({ file }) => !written.test(file) && !existsSync(join(root, file))),
    [],
  )
})
