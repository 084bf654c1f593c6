/**
 * docs/adding-a-technique.md does what it says: a copy of the tree that follows it, and changes nothing else, compiles,
 * verifies, measures and passes the tests that read the registries.
 */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { cpSync, globSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import type { Cutter } from '../../clients/http/stream.ts'
import type { Result } from '../../index.ts'
import { temporaryFolder } from '../bin/cli.ts'

const root = join(import.meta.dirname, '../..')
const guide = readFileSync(join(root, 'docs/adding-a-technique.md'), 'utf8')
const name = 'ndjson-post'

/** What a checkout has that is not a source. */
const left = ['node_modules', '.git', 'dist', 'pushbench-results']

/** What the guide shows besides the technique that it adds. */
const examples = ['clients/http/length-cutter.ts', 'servers/renewed-lines.ts']

/** The module of the first. */
interface Lengths {
  readonly lengthCutter: (onText: (text: string) => void, onOpen: () => void) => Cutter
}

/** The code that the guide gives for one purpose: a file, or a line of the registries. */
function codeFor(purpose: string): string {
  const code = guide.match(new RegExp(`^\`\`\`ts ${purpose}\\n([\\s\\S]*?)^\`\`\`$`, 'm'))?.[1]
  assert.ok(code, `a code block "${purpose}" in the guide`)
  return code
}

/** Follows the guide in a folder. */
function follow(folder: string): void {
  for (const file of [`servers/${name}.ts`, `clients/${name}.ts`])
    writeFileSync(join(folder, file), codeFor(`file=${file}`))
  for (const registry of ['servers/index.ts', 'clients/index.ts']) {
    const text = readFileSync(join(folder, registry), 'utf8')
    const [importLine, entry] = [codeFor('import'), codeFor('entry')]
    assert.ok(![importLine, entry].some(line => text.includes(line)), `${name} does not ship`)
    const imported = text.replace(/(?=^import \{)/m, importLine)
    writeFileSync(join(folder, registry), imported.replace(/(?=^\} satisfies Record)/m, entry))
  }
}

/** The sources below a folder, with their texts. */
const sourcesIn = (folder: string): Map<string, string> =>
  new Map(
    globSync('**/*.{ts,js,json,md,css}', { cwd: folder, exclude: path => left.includes(basename(path)) }).map(
      file => [file, readFileSync(join(folder, file), 'utf8')],
    ),
  )

/** What a command in a folder ends with, and all that it wrote. */
interface Outcome {
  readonly code: number
  readonly output: string
}

const execute = promisify(execFile)

async function runIn(cwd: string, file: string, words: readonly string[]): Promise<Outcome> {
  // A test runner that runs in a test would report to that and not to its output.
  const env = { ...process.env, NODE_TEST_CONTEXT: undefined }
  try {
    const { stdout, stderr } = await execute(file, words, { cwd, env, maxBuffer: 2 ** 26 })
    return { code: 0, output: stdout + stderr }
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
    return { code, output: stdout + stderr }
  }
}

test('the guide adds a technique by two files and a line in each of two registries', async t => {
  const folder = temporaryFolder(t)
  cpSync(root, folder, { recursive: true, filter: path => !left.includes(basename(path)) })
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  const before = sourcesIn(folder)
  follow(folder)

  const pushbench = (...words: string[]): Promise<Outcome> =>
    runIn(folder, process.execPath, ['bin/launch.js', ...words])
  const load = ['-t', name, '-c', '20', '-R', '20/s', '-d', '1s', '-W', '200ms', '--no-ceiling', '-q']

  await t.test('by the commands of the guide, which change nothing else', async () => {
    const biome = ['check', '--write', 'servers', 'clients']
    for (const [file, words] of [
      ['node_modules/.bin/biome', biome],
      ['npm', ['run', '--silent', 'docs']],
    ] as const) {
      const { code, output } = await runIn(folder, file, words)
      assert.equal(code, 0, output)
    }
    assert.ok(guide.includes(`npx biome ${biome.join(' ')}`) && guide.includes('npm run docs'))
    const changed = [...sourcesIn(folder)].filter(([file, text]) => before.get(file) !== text)
    assert.deepEqual(changed.map(([file]) => file).sort(), [
      // README.md and docs/techniques.md are generated.
      ...['README.md', 'clients/index.ts', `clients/${name}.ts`, 'docs/techniques.md'],
      ...['servers/index.ts', `servers/${name}.ts`],
    ])
  })

  await t.test('it passes format, lint and types, with the examples of the other sections', async () => {
    for (const file of examples) writeFileSync(join(folder, file), codeFor(`file=${file}`))
    const { code, output } = await runIn(folder, 'npm', ['run', '--silent', 'check'])
    assert.equal(code, 0, output)
  })

  await t.test(
    'the cutter of the guide reads texts in single characters, and refuses another format',
    async () => {
      const { lengthCutter } = (await import(join(folder, examples[0] ?? ''))) as Lengths
      const texts: string[] = []
      const cutter = lengthCutter(
        text => texts.push(text),
        () => texts.push('open'),
      )
      for (const piece of '5:hello0:3:1:2') cutter.feed(piece)
      cutter.end?.()
      assert.deepEqual(texts, ['open', 'hello', '1:2'])
      assert.throws(() => cutter.feed('<html>:'), SyntaxError)
    },
  )

  await t.test('it is on the list, and conforms', async () => {
    assert.match((await pushbench('list', 'techniques')).output, new RegExp(`^${name} `, 'm'))
    const { code, output } = await pushbench('verify', '-t', name)
    assert.equal(code, 0, output)
    assert.match(output, /\d\d passed, 0 failed/)
  })

  await t.test('a run measures it, with the bytes that the guide counts', async () => {
    const bytes = Number(guide.match(/(\d+) bytes per event of 128/)?.[1])
    const measure = async () => {
      const { output } = await pushbench('run', ...load, '--json', 'results.json')
      const { measurements } = JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')) as Result
      const figures = measurements.map(each => [
        each.technique,
        each.passed,
        Math.round(each.bytes.perDelivery ?? 0),
      ])
      return { output, figures }
    }
    // On a busy machine the window may be read between an event and its bytes, which another run does not repeat.
    let measured = await measure()
    for (let attempt = 2; attempt <= 4 && measured.figures[0]?.[2] !== bytes; attempt++)
      measured = await measure()
    assert.deepEqual(measured.figures, [[name, true, bytes]], measured.output)
  })

  await t.test('page clients refuse it with a sentence', async () => {
    const { code, output } = await pushbench('run', ...load, '--dom-clients', '2')
    assert.equal(code, 2)
    assert.match(output, /^pushbench: --dom-clients: ndjson-post has no page script, [^\n]*\n$/)
  })

  await t.test('the tests that read the registries pass', async () => {
    const files = [
      'docs/techniques',
      'layering',
      'clients/http/silence',
      'clients/stream-cuts',
      'servers/drain',
      'servers/streams',
    ]
    const words = ['--test', `--test-name-pattern=${name}|registries say|catalogue|by its name`]
    const paths = [...files, 'bin/serve', 'bin/usage'].map(file => `test/${file}.test.ts`)
    const { code, output } = await runIn(folder, process.execPath, [...words, ...paths])
    assert.equal(code, 0, output)
  })
})

test('the guide names every member of the contracts', () => {
  for (const [file, contracts] of [
    ['model/technique.ts', ['ServerTechnique', 'PushServer', 'ClientTechnique', 'PushClient', 'ClientSink']],
    ['servers/http/transport.ts', ['Transport']],
  ] as const) {
    const source = readFileSync(join(root, file), 'utf8')
    for (const contract of contracts) {
      const body = source.match(
        new RegExp(`^export interface ${contract}\\b[^{]*\\{\\n([\\s\\S]*?)^\\}`, 'm'),
      )?.[1]
      const members = [...(body ?? '').matchAll(/^ {2}(?:readonly )?(\w+)\??[:(]/gm)].map(
        ([, member]) => member,
      )
      assert.ok(members.length > 2, contract)
      for (const member of members)
        assert.ok(
          new RegExp(`\`[\\w.]*\\b${member}\`|^ {2}${member}:`, 'm').test(guide),
          `${contract}.${member} is not in the guide: add it to docs/adding-a-technique.md`,
        )
    }
  }
})

test('the words that the guide takes for granted are in the glossary', () => {
  const glossary = readFileSync(join(root, 'docs/glossary.md'), 'utf8')
  const [, words = ''] = guide.match(/Words such as ([^.]*) are in the \[glossary\]\(glossary\.md\)/) ?? []
  const named = [...words.matchAll(/\*([^*]+)\*/g)].map(([, word]) => word)
  assert.ok(named.length > 2, words)
  for (const word of named)
    assert.ok(
      glossary.includes(`| ${word} | `),
      `"${word}" is not in docs/glossary.md: add it, or drop it here`,
    )
})
