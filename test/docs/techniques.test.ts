import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { catalogue } from '../../bin/generate-docs.ts'
import { pairOf, techniques } from '../../plan.ts'

test('docs/techniques.md is what the registries say', () => {
  const written = readFileSync(new URL('../../docs/techniques.md', import.meta.url), 'utf8')
  assert.equal(written, catalogue(), 'run "npm run docs"')
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
