import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import {
  parseResult,
  type Result,
  ResultError,
  resultJsonSchema,
  resultSchema,
  schemaVersion,
} from '../../results/result.ts'
import { measurementOf, resultOf } from '../reports/fixture.ts'

const result: Result = resultOf([
  measurementOf({ technique: 'polling', emptyRatio: 0.6, predictedEmptyRatio: 0.61 }),
  measurementOf({ technique: 'sse', emptyRatio: null, lost: 3, failures: ['3 deliveries never came'] }),
])
const text = JSON.stringify(result)

// Formats (the date and time) are checked by zod; the published schema is held to its structure.
const accepts = new Ajv2020({ strict: false, validateFormats: false }).compile(resultJsonSchema())

type Path = readonly (string | number)[]

/** Every place in a value, its containers included. */
function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  const below = Array.isArray(value)
    ? value.slice(0, 2).flatMap((each, index) => pathsOf(each, [...path, index]))
    : Object.entries(value).flatMap(([key, each]) => pathsOf(each, [...path, key]))
  return [path, ...below]
}

/** A copy of the result with another value at a path; undefined leaves the key out. */
function changed(path: Path, value: unknown): unknown {
  const copy: unknown = structuredClone(result)
  let place = copy as Record<string | number, unknown>
  for (const key of path.slice(0, -1)) place = place[key] as Record<string | number, unknown>
  const last = path.at(-1)
  if (last === undefined) return value
  if (value === undefined && !Array.isArray(place)) delete place[last]
  else place[last] = value
  return copy
}

test('a result is read back as it was written', () => {
  assert.deepEqual(parseResult(text, 'results.json'), result)
})

test('the published JSON Schema accepts what is written, and says which version it is of', () => {
  assert.ok(accepts(result), JSON.stringify(accepts.errors))
  assert.match(
    JSON.stringify(resultJsonSchema()),
    /"\$schema":"https:\/\/json-schema.org\/draft\/2020-12\/schema"/,
  )
})

test('wherever a result is changed, the published schema and the reader agree whether it is still one', () => {
  const paths = pathsOf(result)
  assert.ok(paths.length > 200)
  let refused = 0
  for (const path of paths) {
    for (const value of [undefined, null, -1, 0, 1.5, '', 'text', true, [], {}]) {
      const other = changed(path, value)
      // A JSON file has no undefined: what is left out of a list becomes null.
      const stored: unknown = other === undefined ? null : JSON.parse(JSON.stringify(other))
      const byZod = resultSchema.safeParse(stored).success
      // The one thing that only the reader checks: that dates are dates.
      if (path.length === 1 && /At$/.test(String(path[0])) && typeof value === 'string') continue
      assert.equal(accepts(stored), byZod, `${path.join('.')} = ${JSON.stringify(value)}`)
      if (!byZod) refused++
    }
  }
  assert.ok(refused > 1_000)
})

test('a key that this version does not know is refused by both or by neither', () => {
  for (const path of [
    ['more'],
    ['tool', 'more'],
    ['measurements', 0, 'more'],
    ['measurements', 0, 'events', 'more'],
  ]) {
    const other = changed(path, 1)
    assert.equal(accepts(other), resultSchema.safeParse(other).success, path.join('.'))
  }
})

for (const [what, broken, sentence] of [
  ['an empty file', '', 'r.json is empty: give the results.json that a run wrote'],
  ['a file of blanks', ' \n', 'r.json is empty: give the results.json that a run wrote'],
  [
    'a file that was cut off',
    text.slice(0, 1_000),
    'r.json is not complete JSON (1000 characters): the file was cut off or is not a results.json',
  ],
  [
    'a file that is not JSON',
    '<html></html>',
    'r.json is not complete JSON (13 characters): the file was cut off or is not a results.json',
  ],
  ...[
    '{}',
    '[]',
    'null',
    '7',
    '"text"',
    '{"tool":null}',
    '{"tool":{"name":"k6"}}',
    '{"tool":"pushbench"}',
  ].map(
    foreign =>
      [
        `the foreign JSON ${foreign}`,
        foreign,
        'r.json was not written by pushbench: "tool.name" is missing or another',
      ] as const,
  ),
  [
    'another version',
    JSON.stringify({ ...result, schemaVersion: 2 }),
    `r.json has schemaVersion 2; this version of pushbench reads ${schemaVersion}`,
  ],
  [
    'no version',
    JSON.stringify({ ...result, schemaVersion: undefined }),
    `r.json has schemaVersion undefined; this version of pushbench reads ${schemaVersion}`,
  ],
] as const) {
  test(`${what} is refused with one sentence that names the file`, () => {
    assert.throws(
      () => parseResult(broken, 'r.json'),
      (error: unknown) => {
        assert.ok(error instanceof ResultError)
        assert.equal(error.message, sentence)
        return true
      },
    )
  })
}

for (const [path, value] of [
  [['measurements', 0, 'latencyMicros', 'p50'], 'fast'],
  [['measurements', 1, 'events', 'lost'], -3],
  [['measurements', 0, 'technique'], undefined],
  [['startedAt'], 'yesterday'],
  [['environment', 'cores'], null],
] as const) {
  test(`a result that breaks the schema at ${path.join('.')} is refused with a sentence that says where`, () => {
    assert.throws(
      () => parseResult(JSON.stringify(changed(path, value)), 'r.json'),
      (error: unknown) => {
        assert.ok(error instanceof ResultError)
        assert.ok(error.message.startsWith(`r.json breaks schema 1 at "${path.join('.')}": `), error.message)
        assert.ok(!error.message.includes('\n'))
        return true
      },
    )
  })
}
