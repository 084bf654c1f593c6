import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { catalogue, withGenerated } from '../../bin/generate-docs.ts'
import { pairOf, techniques } from '../../plan/plan.ts'

test('docs/techniques.md is what the registries say', () => {
  const written = readFileSync(new URL('../../docs/techniques.md', import.meta.url), 'utf8')
  assert.equal(written, catalogue(), 'run "npm run docs"')
})

test('what the README lists is what the registries say', () => {
  const written = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  assert.equal(written, withGenerated(written), 'run "npm run docs"')
  for (const technique of techniques) assert.ok(written.includes(`\`${technique}\``), technique)
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
