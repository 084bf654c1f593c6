import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { commands } from '../../bin/commands/index.ts'
import { documents, withGenerated } from '../../bin/generate-docs.ts'
import { pairOf, techniques } from '../../plan/plan.ts'

for (const [path, text] of Object.entries(documents)) {
  test(`${path} is what the registries say`, () => {
    const written = readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
    assert.equal(written, text(), 'run "npm run docs"')
  })
}

test('the reference names every flag of every command', () => {
  const page = documents['docs/reference.md']?.() ?? ''
  const missing = commands.flatMap(({ usage, options }) =>
    Object.keys(options)
      .filter(flag => !page.includes(`\`--${flag}\``) && !page.includes(`\`--no-${flag}\``))
      .map(flag => `${usage}: --${flag}`),
  )
  assert.deepEqual(missing, [])
})

test('no cell of a generated table is empty where a flag needs its help', () => {
  const page = documents['docs/reference.md']?.() ?? ''
  assert.deepEqual(
    page.split('\n').filter(line => /^\|.*`--.*\|\s*\|$/.test(line)),
    [],
  )
})

test('a generated part that nothing makes is an error', () => {
  assert.throws(
    () => withGenerated('<!-- generated: cats (x) -->\n\n<!-- end of cats -->'),
    /nothing generates "cats"/,
  )
})

test('every technique fills its place in the catalogue with sentences', () => {
  for (const technique of techniques) {
    const { year, mechanism, needs, crossesOrigins, errors, reference } = pairOf(technique).server
    assert.ok(Number.isInteger(year) && year >= 1990 && year <= 2026, technique)
    assert.match(mechanism, /^[A-Z].+\.$/, technique)
    for (const text of [...Object.values(needs), crossesOrigins, errors, reference]) {
      assert.match(text, /^\S.+[^.\s]$/, technique)
    }
  }
})
