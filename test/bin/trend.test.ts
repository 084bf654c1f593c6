import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { historyOf, level, stepped } from '../reports/histories.ts'
import { binary, cli, temporaryFolder } from './cli.ts'

const write = (path: string, text: string): void => {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

test('trend reads folders of any depth, names what is not a result, and writes the page and the CSV', async context => {
  const folder = temporaryFolder(context)
  for (const [index, result] of stepped().entries())
    write(join(folder, index % 2 === 0 ? 'even' : 'odd/deep', `${index}.json`), JSON.stringify(result))
  write(join(folder, 'calibration.json'), '{"kind": "calibration"}')
  write(join(folder, 'cut.json'), '{"schemaVersion": 1, "to')
  write(join(folder, 'node_modules/x/package.json'), '{}')
  const { code, stdout, stderr } = await binary(['trend', folder])
  assert.equal(code, 0, stderr)
  assert.match(stdout, /^22 commits, \d+ lines, 1 change of level\n000cc0f {2}worse {2}sse in steady: egress/)
  assert.deepEqual(stderr.match(/^skipped: .*$/gm), [
    'skipped: calibration.json was not written by pushbench: "tool.name" is missing or another',
    'skipped: cut.json is not complete JSON (24 characters): the file was cut off or is not a results.json',
  ])
  assert.match(readFileSync(join(folder, 'trend.html'), 'utf8'), /^<!doctype html>/)
  assert.equal(readFileSync(join(folder, 'trend.csv'), 'utf8').trimEnd().split('\r\n').length, 23)
})

test('trend says which columns of the CSV have gaps', async context => {
  const folder = temporaryFolder(context)
  const results = historyOf([...level(200, 2), ...level(200, 2, { techniques: ['sse', 'websocket'] })])
  for (const [index, result] of results.entries())
    write(join(folder, `${index}.json`), JSON.stringify(result))
  const { code, stderr } = await cli([
    'trend',
    folder,
    '--metric',
    'bytes.perDelivery',
    '-o',
    join(folder, 'out'),
  ])
  assert.equal(code, 0)
  assert.match(stderr, /^not every commit has a value of steady\/websocket\/bytes\.perDelivery: /m)
  assert.ok(existsSync(join(folder, 'out/trend.csv')))
})

for (const [title, prepare, words, sentence] of [
  [
    'an empty folder',
    () => {},
    [],
    /no \.json file; give a folder with the results\.json of several commits/,
  ],
  [
    'a folder without a result',
    (folder: string) => write(join(folder, 'a.json'), '{}'),
    [],
    /no result among 1 \.json file/,
  ],
  ['an unknown metric', () => {}, ['--metric', 'latency.p9'], /--metric: .*latency\.p9.*latency\.p(9\d|99)/],
] as const) {
  test(`trend refuses ${title} with one sentence`, async context => {
    const folder = temporaryFolder(context)
    prepare(folder)
    const { code, stderr } = await cli(['trend', folder, ...words])
    assert.equal(code, 2)
    assert.match(stderr.trimEnd().split('\n').at(-1) ?? '', sentence)
  })
}

test('trend refuses a folder that is not there', async () => {
  const { code, stderr } = await cli(['trend', 'no/such/folder'])
  assert.equal(code, 2)
  assert.equal(stderr, 'pushbench: no/such/folder: there is no such folder\n')
})
