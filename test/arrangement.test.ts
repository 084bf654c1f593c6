import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { alone, arrange, longestFirst, shared } from './arrangement.ts'

const folder = import.meta.dirname
const files = globSync('**/*.test.ts', { cwd: folder })

test('every file runs once', () => {
  const arranged = arrange(files).flatMap(share => share.files)
  assert.ok(files.length > 150, `${files.length} files were found`)
  assert.deepEqual(arranged.toSorted(), files.toSorted())
})

test('files of one folder share a process, others have one each, and the longest start first', () => {
  assert.deepEqual(
    arrange(['model/b.test.ts', 'servers/a.test.ts', 'bin/a.test.ts', 'model/a.test.ts', 'package.test.ts']),
    [
      { name: 'package.test.ts', files: ['package.test.ts'] },
      { name: 'bin/a.test.ts', files: ['bin/a.test.ts'] },
      { name: 'model', files: ['model/a.test.ts', 'model/b.test.ts'] },
      { name: 'servers/a.test.ts', files: ['servers/a.test.ts'] },
    ],
  )
})

test('every place that is listed exists', () => {
  const gone = [...shared, ...longestFirst, ...alone].filter(place => !existsSync(join(folder, place)))
  assert.deepEqual(gone, [])
})

// What one file left behind, another would find.
test('files that share a process start nothing and change nothing that belongs to the process', () => {
  const touches =
    /child_process|node:(net|http|https|dgram|worker_threads)'|measureOnce|launchChromium|process\.(env|exit|chdir|on)\b|^(before|after)\(/m
  const found = arrange(files)
    .filter(share => share.files.length > 1)
    .flatMap(share => share.files)
    .filter(file => touches.test(readFileSync(join(folder, file), 'utf8')))
  assert.deepEqual(found, [])
})
