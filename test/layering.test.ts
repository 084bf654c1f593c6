/**
 * The folders of the source: which may import which, that no files import each other in a circle, and that no code outside
 * the adapters knows a technique by name.
 */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { test } from 'node:test'
import { servers } from '../servers/index.ts'

const root = join(import.meta.dirname, '..')

/** From the bottom up: a folder imports only folders listed before it. */
const layers = [
  'model',
  'statistics',
  'results',
  'simulation',
  'measure/time',
  'measure/messages',
  'measure/server',
  'measure/fleet',
  'relay',
  'measure/derive',
  'measure/run',
  'faults',
  'verify',
  'servers',
  'clients',
  'pages',
  'scenarios',
  'compare',
  'reports',
  'plan',
  'index.ts',
  'bin',
] as const
type Layer = (typeof layers)[number]

/** Folders of one level: none imports another, except for the type of the technique names. */
const peers: readonly Layer[] = ['faults', 'verify', 'servers', 'clients', 'pages', 'scenarios']

interface Import {
  readonly file: string
  /** The statement up to its module, e.g. `import type { Technique }`. */
  readonly statement: string
  /** The imported file from the root, e.g. `model/clock.ts`; null for a package. */
  readonly target: string | null
}

const sources = globSync('**/*.ts', {
  cwd: root,
  exclude: path => /^(node_modules|dist|test|bench|examples|docs)(\/|$)/.test(path),
}).map(file => ({
  file,
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

/** The folder of a file; undefined for a file in no listed folder. */
const layerOf = (path: string): Layer | undefined =>
  layers.find(layer => path === layer || path.startsWith(`${layer}/`))

const sentences = (list: readonly Import[]): string[] =>
  list.map(({ file, statement, target }) => `${file}: ${statement} from ${target}`)

/** Groups of files that import each other in a circle, types included (Tarjan's algorithm). */
function circles(edges: readonly (readonly [string, string])[]): string[][] {
  const next = Map.groupBy(edges, ([from]) => from)
  const [order, lowest] = [new Map<string, number>(), new Map<string, number>()]
  const [path, found]: [string[], string[][]] = [[], []]
  const visit = (node: string): number => {
    const own = order.size
    order.set(node, own)
    path.push(node)
    let low = own
    for (const [, to] of next.get(node) ?? []) {
      if (!order.has(to)) low = Math.min(low, visit(to))
      else if (path.includes(to)) low = Math.min(low, order.get(to) ?? low)
    }
    lowest.set(node, low)
    if (low === own) {
      const circle = path.splice(path.indexOf(node))
      if (circle.length > 1) found.push(circle.sort())
    }
    return low
  }
  for (const [from] of edges) if (!order.has(from)) visit(from)
  return found
}

const within = imports.flatMap(({ file, target }) => (target === null ? [] : [[file, target] as const]))

test('every source file is in a listed folder', () => {
  assert.ok(sources.length > 200, `${sources.length} files were found`)
  assert.deepEqual(
    sources.filter(({ file }) => layerOf(file) === undefined).map(({ file }) => file),
    [],
  )
})

test('a folder imports only folders below it', () => {
  const upward = imports.filter(({ file, target }) => {
    const [from, to] = [layerOf(file), target === null ? undefined : layerOf(target)]
    return from !== undefined && to !== undefined && layers.indexOf(to) > layers.indexOf(from)
  })
  assert.deepEqual(sentences(upward), [])
})

test('peers never import each other, but adapters take the names of the techniques', () => {
  const crossing = imports.filter(({ file, target, statement }) => {
    const [from, to] = [layerOf(file), target === null ? undefined : layerOf(target)]
    if (from === undefined || to === undefined || from === to) return false
    if (!peers.includes(from) || !peers.includes(to)) return false
    return !(target === 'servers/index.ts' && statement === 'import type { Technique }')
  })
  assert.deepEqual(sentences(crossing), [])
})

test('no files import each other in a circle', () => {
  assert.deepEqual(
    circles([
      ['a', 'b'],
      ['b', 'c'],
      ['c', 'a'],
      ['c', 'd'],
    ]),
    [['a', 'b', 'c']],
  )
  assert.deepEqual(circles(within), [])
})

test('no folder holds more than 25 source files', () => {
  const crowded = [...Map.groupBy(sources, ({ file }) => dirname(file))].filter(
    ([, files]) => files.length > 25,
  )
  assert.deepEqual(
    crowded.map(([folder, files]) => `${folder}: ${files.length}`),
    [],
  )
})

test('every relative import names a file with its ending', () => {
  const without = imports.filter(({ target }) => target !== null && !/\.(ts|js|css|json)$/.test(target))
  assert.deepEqual(sentences(without), [])
})

test('no code outside the adapters and the scenarios knows a technique by its name', () => {
  const literal = new RegExp(`(['"\`])(${Object.keys(servers).join('|')})\\1`)
  const allowed: readonly (Layer | undefined)[] = ['servers', 'clients', 'pages', 'scenarios']
  const knowing = sources
    .filter(({ file }) => !allowed.includes(layerOf(file)))
    .flatMap(({ file, code }) =>
      code
        .split('\n')
        .filter(line => literal.test(line))
        .map(line => `${file}: ${line.trim()}`),
    )
  assert.deepEqual(knowing, [])
})
