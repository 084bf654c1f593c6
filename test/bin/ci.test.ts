import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { ciSystems } from '../../bin/ci.ts'
import type { Result } from '../../results/result.ts'
import { ten, withBytes } from '../compare/results.ts'
import { junitProblems } from '../reports/junit-schema.ts'
import { binary, cli, temporaryFolder } from './cli.ts'

/** No system but the one that a test sets, whatever the tests themselves run in. */
const nowhere = Object.fromEntries(
  [...ciSystems.map(({ variable }) => variable), 'GITHUB_STEP_SUMMARY', 'GITHUB_OUTPUT'].map(name => [
    name,
    '',
  ]),
)
const later = (result: Result): Result => ({
  ...result,
  startedAt: '2026-02-01T08:00:00.000Z',
  finishedAt: '2026-02-01T08:01:00.000Z',
})

/** Ten runs a side of which the head sends a tenth more; the paths of the files that a CI names. */
function prepared(folder: string) {
  const paths = {
    base: join(folder, 'base.json'),
    head: join(folder, 'head.json'),
    summary: join(folder, 'summary.md'),
    outputs: join(folder, 'outputs'),
  }
  writeFileSync(paths.base, JSON.stringify(withBytes(ten(200, 0.1))))
  writeFileSync(paths.head, JSON.stringify(later(withBytes(ten(220, 0.1)))))
  writeFileSync(paths.summary, 'what an earlier step wrote\n')
  return paths
}
const read = (path: string): string => readFileSync(path, 'utf8')

describe('compare --ci', () => {
  test('GitHub: annotations on stdout, a summary appended, outputs for later steps', async context => {
    const folder = temporaryFolder(context)
    const { base, head, summary, outputs } = prepared(folder)
    const { code, stdout } = await binary(['compare', base, head, '--ci'], {
      cwd: folder,
      env: { ...nowhere, GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary, GITHUB_OUTPUT: outputs },
    })
    assert.equal(code, 3)
    assert.match(stdout, /^::error title=egress\.perDelivery of sse regressed::\+10 %25/m)
    assert.match(read(summary), /^what an earlier step wrote\n## pushbench: regressed\n/)
    assert.match(read(outputs), /^verdict=regressed\nregressed=1\nwarned=0\nimproved=0\n/)
    assert.deepEqual(readdirSync(folder).toSorted(), ['base.json', 'head.json', 'outputs', 'summary.md'])
  })
  test('GitHub without a summary file, as on an older runner: annotations alone', async context => {
    const folder = temporaryFolder(context)
    const { base, head } = prepared(folder)
    const { code, stdout } = await cli(['compare', base, head, '--ci'], {
      cwd: folder,
      env: { ...nowhere, GITHUB_ACTIONS: 'true' },
    })
    assert.equal(code, 3)
    assert.match(stdout, /^::error /m)
  })
  for (const { name, variable, written } of ciSystems.filter(each => each.written.length > 0)) {
    test(`${name}: a JUnit file and no line that is for another system`, async context => {
      const folder = temporaryFolder(context)
      const { base, head } = prepared(folder)
      const { code, stdout } = await cli(['compare', base, head, '--ci'], {
        cwd: folder,
        env: { ...nowhere, [variable]: '1' },
      })
      assert.equal(code, 3)
      assert.doesNotMatch(stdout, /^::/m)
      const xml = read(join(folder, 'pushbench-results', written[0]?.fileName ?? ''))
      assert.deepEqual(junitProblems(xml), [])
      assert.match(xml, /failures="1"/)
    })
  }
  for (const [title, flags, env] of [
    ['an unknown system', ['--ci'], { CI: 'true' }],
    ['no --ci, whatever the environment', [], { GITHUB_ACTIONS: 'true', GITLAB_CI: 'true' }],
  ] as const) {
    test(`${title}: plain text alone`, async context => {
      const folder = temporaryFolder(context)
      const { base, head, summary } = prepared(folder)
      const { code, stdout } = await cli(['compare', base, head, ...flags], {
        cwd: folder,
        env: { ...nowhere, GITHUB_STEP_SUMMARY: summary, FORCE_COLOR: '1', ...env },
      })
      assert.equal(code, 3)
      assert.match(stdout, /^regressed: 1 of \d+ metrics got worse/m)
      assert.doesNotMatch(stdout, /^::/m)
      assert.equal(read(summary), 'what an earlier step wrote\n')
      assert.equal(existsSync(join(folder, 'pushbench-results')), false)
    })
  }
  test('keeps data on stdout apart from what the CI reads', async context => {
    const folder = temporaryFolder(context)
    const { base, head } = prepared(folder)
    const { stdout, stderr } = await cli(['compare', base, head, '--ci', '--json', '-'], {
      cwd: folder,
      env: { ...nowhere, GITHUB_ACTIONS: 'true' },
    })
    assert.equal(JSON.parse(stdout).verdict, 'regressed')
    assert.match(stderr, /^::error /m)
  })
})

test('run --ci: a threshold that is not met is an annotation, in the summary the table, in the outputs the paths', async context => {
  const folder = temporaryFolder(context)
  const [summary, outputs] = [join(folder, 'summary.md'), join(folder, 'outputs')]
  const tiny = '-t sse -c 2 -R 50/s -d 200ms -W 50ms -o out --ci'.split(' ')
  const { code, stdout, stderr } = await cli(['run', ...tiny, '--threshold', 'events.delivered == 0'], {
    cwd: folder,
    env: { ...nowhere, GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary, GITHUB_OUTPUT: outputs },
  })
  assert.ok(code === 99 || code === 4, `exit ${code}: ${stderr}`)
  assert.match(stdout, /^::error title=threshold failed::events\.delivered == 0/m)
  assert.match(read(summary), /^## pushbench: .*\n[\s\S]*\| sse \|/)
  assert.match(
    read(outputs),
    /^results=out\/results\.json\nreport=out\/report\.html\npassed=false\nbaseline-key=[0-9a-f]{16}\nthresholds=events\.delivered == 0: sse has \d+\n$/,
  )
  assert.match(read(summary), /^> \[!CAUTION\]\n> - threshold failed: events\.delivered == 0: sse has \d+$/m)
  assert.equal(stderr.includes('\u001b') || stderr.includes('\r'), false)
})

test('run --ci on a system that reads JUnit: the threshold is a failure in the file', async context => {
  const folder = temporaryFolder(context)
  const tiny = '-t sse -c 2 -R 50/s -d 200ms -W 50ms -o out --ci'.split(' ')
  await cli(['run', ...tiny, '--threshold', 'events.delivered == 0'], {
    cwd: folder,
    env: { ...nowhere, GITLAB_CI: 'true' },
  })
  const xml = read(join(folder, 'out', 'junit.xml'))
  assert.deepEqual(junitProblems(xml), [])
  assert.match(xml, /<failure type="threshold" message="events\.delivered == 0: /)
})

describe('a refusal with --ci', () => {
  const missing = ['ab', '--base', '.', '--head', './100%.ts', '--ci']

  test('GitHub: one error on stdout, escaped, and one line in the summary', async context => {
    const folder = temporaryFolder(context)
    const summary = join(folder, 'summary.md')
    for (const [words, reason] of [
      [missing, /^::error title=pushbench::--head: there is no ".\/100%25.ts"[^\n]*\n$/],
      [['ab', '--bse', '.', '--ci'], /^::error title=pushbench::[^\n]*needs --base and --head[^\n]*\n$/],
    ] as const) {
      writeFileSync(summary, '')
      const { code, stdout } = await binary([...words], {
        cwd: folder,
        env: { ...nowhere, GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary },
      })
      assert.equal(code, 2)
      assert.match(stdout, reason)
      assert.match(read(summary), /^\*\*pushbench:\*\* .*\n\n?$/)
    }
  })
  test('GitLab: an error in the JUnit file', async context => {
    const folder = temporaryFolder(context)
    const { code, stdout } = await binary([...missing, '-o', 'out'], {
      cwd: folder,
      env: { ...nowhere, GITLAB_CI: 'true' },
    })
    assert.equal(code, 2)
    assert.equal(stdout, '')
    const junit = read(join(folder, 'out', 'junit.xml'))
    assert.deepEqual(junitProblems(junit), [])
    assert.match(junit, /<error type="refused" message="--head: there is no .*100%\.ts/)
  })
  test('without --ci it is said on stderr alone', async context => {
    const { stdout, stderr } = await binary(missing.slice(0, -1), {
      cwd: temporaryFolder(context),
      env: { ...nowhere, GITHUB_ACTIONS: 'true' },
    })
    assert.equal(stdout, '')
    assert.match(stderr, /^pushbench: --head: there is no /)
  })
})
