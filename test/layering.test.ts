/** The layers of the source: who may import whom, and that no code outside the adapters knows a technique by name. */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { test } from 'node:test'
import { servers } from '../servers/index.ts'

const root = join(import.meta.dirname, '..')
const layers = [
  'measure',
  'verify',
  'compare',
  'faults',
  'servers',
  'clients',
  'pages',
  'scenarios',
  'reports',
  'bin',
] as const

interface Import {
  readonly file: string
  /** The statement up to its module, e.g. `import type { Technique }`. */
  readonly statement: string
  /** The imported file from the root, e.g. `model/clock.ts`; null for a package. */
  readonly target: string | null
}

const sources = globSync(`{${layers.join()}}/**/*.ts`, { cwd: root }).map(file => ({
  file,
  layer: file.split('/')[0],
  // Comments speak of techniques and of modules; only code counts. A URL in a string keeps its slashes.
  code: readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*$/gm, ''),
}))

const imports: Import[] = sources.flatMap(({ file, code }) =>
  [
    ...code.matchAll(/^((?:import|export)\b[^'"]*?)\bfrom\s*['"]([^'"]+)['"]/gm),
    ...code.matchAll(/^(import)\s+['"]([^'"]+)['"]/gm),
    ...code.matchAll(/(\bimport)\(\s*['"]([^'"]+)['"]/g),
  ].map(([, statement = '', module = '']) => ({
    file,
    statement: statement.replace(/\s+/g, ' ').trim(),
    target: module.startsWith('.') ? normalize(join(dirname(file), module)) : null,
  })),
)
const layerOf = (path: string): string => path.split('/')[0] ?? ''

/** What a layer imports of another, as sentences. */
const between = (from: string, to: string): Import[] =>
  imports.filter(({ file, target }) => layerOf(file) === from && target !== null && layerOf(target) === to)
const told = (list: readonly Import[]): string[] =>
  list.map(({ file, statement, target }) => `${file}: ${statement} from ${target}`)

test('the sources and their imports were found', () => {
  for (const layer of ['measure', 'servers', 'clients', 'reports'] as const) {
    assert.ok(
      sources.some(source => source.layer === layer),
      layer,
    )
  }
  assert.ok(between('servers', 'measure').length > 5)
  assert.ok(between('measure', 'measure').length > 50)
})

test('measure imports nothing of the layers above it', () => {
  const above = layers.slice(1).flatMap(layer => between('measure', layer))
  assert.deepEqual(told(above), [])
})

test('what stands on measure never imports its peers, but the client halves take the names of the techniques, and reports show what a comparison found', () => {
  const peers = layers.filter(layer => layer !== 'measure' && layer !== 'bin')
  const crossing = peers
    .flatMap(from => peers.filter(to => to !== from).flatMap(to => between(from, to)))
    .filter(
      ({ file, statement, target }) =>
        !(
          ['clients', 'pages'].includes(layerOf(file)) &&
          target === 'servers/index.ts' &&
          statement === 'import type { Technique }'
        ) && !(layerOf(file) === 'reports' && layerOf(target ?? '') === 'compare'),
    )
  assert.deepEqual(told(crossing), [])
})

test('nothing imports bin', () => {
  const importers = layers.filter(layer => layer !== 'bin').flatMap(layer => between(layer, 'bin'))
  assert.deepEqual(told(importers), [])
})

test('every relative import names a file with its ending', () => {
  const without = imports.filter(({ target }) => target !== null && !/\.(ts|js|css|json)$/.test(target))
  assert.deepEqual(told(without), [])
})

test('no code outside the halves and the scenarios knows a technique by its name', () => {
  const names = Object.keys(servers)
  const literal = new RegExp(`(['"\`])(${names.join('|')})\\1`)
  const knowing = sources
    .filter(
      ({ layer }) => layer !== 'servers' && layer !== 'clients' && layer !== 'pages' && layer !== 'scenarios',
    )
    .flatMap(({ file, code }) =>
      code
        .split('\n')
        .filter(line => literal.test(line))
        .map(line => `${file}: ${line.trim()}`),
    )
  assert.deepEqual(knowing, [])
})
