/** Servers of a user's own: what is wrong with a module is said before anything starts, and what runs is measured. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type RunOptions, run, UsageError } from '../../index.ts'
import { ownServerOf } from '../../model/server-module.ts'
import { planRuns } from '../../plan/plan.ts'
import { subjectName } from '../../results/result.ts'
import { temporaryFolder } from '../bin/cli.ts'

const logged = fileURLToPath(new URL('./logged-server.ts', import.meta.url))
const plain = fileURLToPath(new URL('../../examples/express-better-sse/server.ts', import.meta.url))

/** A module with this text, gone after the test. */
function moduleWith(t: TestContext, source: string): string {
  const path = join(temporaryFolder(t), 'server.mjs')
  writeFileSync(path, source)
  return path
}

const adapters: Record<string, { source: string; says: RegExp }> = {
  'a module without a server': {
    source: 'export const other = 1',
    says: /exports no server: export default/,
  },
  'an unknown technique': {
    source: 'export default { technique: "ssee", create() {} }',
    says: /unknown technique "ssee": did you mean "sse"\?$/,
  },
  'no technique': { source: 'export default { create() {} }', says: /"technique" is missing or unknown/ },
  'an adapter that is not a function': {
    source: 'export const server = { technique: "sse", create: {} }',
    says: /"create" is not a function/,
  },
  'an unknown ability': {
    source: 'export default { technique: "sse", create() {}, supports: ["flying"] }',
    says: /"supports" is not a list of accept-rate, drain/,
  },
  'a module that throws': {
    source: 'throw new Error("no database")',
    says: /cannot be loaded: no database \(at \/.*server\.mjs:1:7\)$/,
  },
  'a module with a syntax error': {
    source: 'const one = 1\nexport default { technique: "sse",, }',
    says: /cannot be loaded: SyntaxError: .* \(at \/.*server\.mjs:2\)$/,
  },
  'a module that ends its process': {
    source: 'process.exit(3)',
    says: /cannot be loaded: it calls process\.exit\(3\) while it is loaded: start nothing before listen/,
  },
  'a module that awaits at its top level': {
    source: 'await 1; export default { technique: "sse", create() {} }',
    says: /awaits at its top level: move that into listen\(\)/,
  },
}

for (const [name, { source, says }] of Object.entries(adapters)) {
  test(`${name} is refused in one sentence`, t => {
    const path = moduleWith(t, source)
    assert.throws(() => planRuns({ server: path }), { constructor: UsageError, message: says })
  })
}

for (const form of ['module.exports =', 'exports.server =', 'exports.default ='])
  test(`a CommonJS module with ${form} is what its process runs, too`, t => {
    const source = `${form} { technique: 'sse', create() { return {} } }`
    const path = moduleWith(t, source).replace(/\.mjs$/, '.cjs')
    writeFileSync(path, source)
    const [plan] = planRuns({ server: path })
    assert.equal(plan?.pair.technique, 'sse')
    const exports: unknown = createRequire(import.meta.url)(path)
    // What "import" gives of a CommonJS module.
    for (const given of [exports, { default: exports }]) assert.ok('server' in ownServerOf(given))
  })

const refused: Record<string, { options: RunOptions; says: RegExp }> = {
  'a module that is not there': {
    options: { server: './no-such-server.ts' },
    says: /^--server: there is no file \.\/no-such-server\.ts \(looked for \//,
  },
  'an ability that a module does not declare': {
    options: { server: plain, acceptRate: '50/s' },
    says: /^--accept-rate: .* does not declare it: add "accept-rate"/,
  },
  'a drain that a module does not declare': {
    options: { server: plain, fault: 'deploy' },
    says: /^--fault: deploy.*add "drain" to its supports/,
  },
  'a setting that it does not take': {
    options: { server: plain, set: 'sse.padding=2048' },
    says: /^--set: unknown setting of sse "padding"/,
  },
}

for (const [name, { options, says }] of Object.entries(refused)) {
  test(`${name} is refused in one sentence`, () => {
    assert.throws(() => planRuns(options), { constructor: UsageError, message: says })
  })
}

test('modules are measured side by side, and built-in techniques only where they are named', () => {
  const subjects = (options: RunOptions): string[] =>
    planRuns(options).map(({ pair }) => subjectName({ technique: pair.technique, subject: pair.foreign }))
  assert.deepEqual(subjects({ server: [logged, plain] }), [`sse · ${logged}`, `sse · ${plain}`])
  assert.deepEqual(subjects({ server: logged, technique: 'polling' }), ['polling', `sse · ${logged}`])
})

test('a setting goes to those that declare it, and only what is known stands in the result', () => {
  const [own, other] = planRuns({ server: [logged, plain], set: 'sse.padding=2048' })
  assert.deepEqual([own?.settings, other?.settings], [{ padding: 2048 }, {}])
})

test('a module that keeps a log loses nothing when its process is killed and started again', async () => {
  const result = await run({
    server: logged,
    clients: 5,
    rate: '20/s',
    warmup: '200ms',
    // Long enough for the server to be back on a busy machine.
    duration: '12s',
    fault: 'restart:at=500ms:down=300ms',
    backoff: 'fixed:base=100ms',
  })
  const [measurement] = result.measurements
  assert.deepEqual(measurement?.failures, [])
  assert.deepEqual(measurement?.subject, { kind: 'module', name: logged })
  assert.equal(measurement?.events.lost, 0)
  assert.equal(measurement?.storm?.affected, 5)
})

test('a module that throws in the run is the one cause that is reported, with its error and its last words', async t => {
  const library = new URL('../../index.ts', import.meta.url).href
  const server = moduleWith(
    t,
    `import { defineServer, httpServer } from '${library}'
     export default defineServer({ technique: 'sse', create: context => {
       const clients = new Set()
       const handler = (_, response) => clients.add(response.writeHead(200, { 'Content-Type': 'text/event-stream' })) && response.flushHeaders()
       const publish = (stream, text, seq) => {
         for (const client of clients) client.write(\`id: \${seq}\\ndata: \${text}\\n\\n\`)
         if (seq < 20) return clients.size
         console.error('no connection to the stock')
         throw new TypeError('stock is undefined')
       }
       return httpServer(context, { path: '/events', handler, publish })
     } })`,
  )
  const result = await run({ server, clients: 5, rate: '50/s', warmup: '100ms', duration: '10s', ceiling: 0 })
  const [measurement] = result.measurements
  assert.match(
    measurement?.failures.join() ?? '',
    /^the server failed: TypeError: stock is undefined \(at .*\.m?[jt]s:9:16\), .*; it wrote last: no connection to the stock$/,
  )
  const codes = measurement?.warnings.map(({ code }) => code) ?? []
  assert.ok(codes.includes('server-died') && !codes.includes('connection-errors'), codes.join())
})

test('what a module returns that is no server fails the run, and says what is missing', async t => {
  const server = moduleWith(t, 'export default { technique: "sse", create: () => ({ listen() {} }) }')
  const result = await run({ server, clients: 1, duration: '200ms' })
  assert.match(result.measurements[0]?.failures.join() ?? '', /create\(\) returned has no publish\(\)/)
})
