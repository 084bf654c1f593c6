/** The shell lines of docs/ci.md, as they are printed, in a project of a user's own with a history and a change. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { readYaml } from './action-file.ts'
import { readAction, runJob, type Step } from './action-job.ts'
import { blocksOf, installedAction } from './docs/ci-page.ts'
import { makePackedProject, servers } from './packed-project.ts'
import { junitProblems } from './reports/junit-schema.ts'

const folder = mkdtempSync(join(tmpdir(), 'pushbench-guide-'))
const origin = join(folder, 'origin')
const workload = {
  server: './server.ts',
  clients: 10,
  rate: '100/s',
  duration: '400ms',
  warmup: '100ms',
  runs: 2,
}

/** Runs a line as a job does; npm takes packages from its cache. */
function shell(line: string, cwd: string, env: NodeJS.ProcessEnv = {}): { code: number | null; log: string } {
  const { status, stdout, stderr } = spawnSync('bash', ['-eo', 'pipefail', '-c', line], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, npm_config_offline: 'true', GITHUB_ACTIONS: '', GITLAB_CI: '', ...env },
  })
  return { code: status, log: `$ ${line}\n${stdout}${stderr}` }
}

function passes(line: string, cwd: string, env?: NodeJS.ProcessEnv): void {
  const { code, log } = shell(line, cwd, env)
  assert.equal(code, 0, log)
}

const commit = 'git add -A && git -c user.name=a -c user.email=a@example.com commit -qm change'

/** A clone of the project in a folder of its own, with a server that drops events on top of main. */
function checkOut(name: string): string {
  const place = join(folder, name)
  passes(
    `mkdir ${name} && git clone -q origin ${name}/head && cd ${name}/head && git checkout -qb change`,
    folder,
  )
  writeFileSync(join(place, 'head/server.ts'), servers['drops 1 of 200'])
  passes(commit, join(place, 'head'))
  return join(place, 'head')
}

before(async () => {
  passes('mkdir origin', folder)
  await makePackedProject(origin)
  writeFileSync(join(origin, 'server.ts'), servers.sound)
  writeFileSync(join(origin, 'pushbench.config.json'), JSON.stringify(workload))
  writeFileSync(join(origin, '.gitignore'), 'node_modules\n')
  passes(`git init -qb main && ${commit}`, origin)
})
after(() => rmSync(folder, { recursive: true, force: true }))

const blockWith = (language: string, text: string): string => {
  const found = blocksOf(language).find(source => source.includes(text))
  assert.ok(found !== undefined, `docs/ci.md has no block with ${text}`)
  return found
}

test('the job for GitLab calls the change a regression, and leaves the JUnit file that it names', () => {
  const head = checkOut('gitlab')
  const { gate } = readYaml(blockWith('yaml', 'gitlab-ci')) as unknown as {
    gate: { script: string[]; artifacts: { reports: { junit: string } } }
  }
  const last = gate.script.at(-1) ?? ''
  for (const line of gate.script.slice(0, -1)) passes(line, head)
  const { code, log } = shell(last, head, { GITLAB_CI: 'true' })
  assert.equal(code, 3, log)
  const xml = readFileSync(join(head, gate.artifacts.reports.junit), 'utf8')
  assert.deepEqual(junitProblems(xml), [])
  assert.match(xml, /name="events\.lost"[^>]*>\s*<failure type="regressed"/)
})

test('the steps for both sides at once do the same through the action', () => {
  const head = checkOut('github')
  const { steps } = readYaml(blockWith('yaml', 'command: ab')) as unknown as { steps: Step[] }
  for (const { run } of steps) if (run !== undefined) passes(run, head)
  const inputs = steps.find(({ uses }) => uses === installedAction)?.with ?? {}
  const { code, log, outputs, summary } = runJob({
    action: readAction(join(head, 'node_modules/pushbench/action.yml')),
    folder: head,
    inputs,
  })
  assert.equal(code, 3, log)
  assert.deepEqual([outputs['verdict'], outputs['regressed']], ['regressed', '1'])
  assert.match(summary, /\| events\.lost \|/)

  // The same lines for a shell, with the other side there already.
  const [line = '', last = ''] = blockWith('sh', 'pushbench ab').trim().split('\n')
  assert.ok(steps.some(({ run }) => run === line))
  const alone = shell(last, head)
  assert.equal(alone.code, 3, alone.log)
})

test('the lines for a stored baseline pass without one, and fail the change afterwards', () => {
  const head = checkOut('stored')
  passes('npm ci', head)
  const [measure = '', compare = ''] = blockWith('sh', '--new-baseline').trim().split('\n')
  passes('git checkout -q main', head)
  passes(`${measure} && ${compare}`, head)
  passes('cp head/results.json baseline.json && git checkout -q change', head)
  // The run itself fails on the events that were lost.
  const measured = shell(measure, head)
  assert.equal(measured.code, 4, measured.log)
  const { code, log } = shell(compare, head)
  assert.equal(code, 3, log)
  assert.ok(existsSync(join(head, 'head/report.html')))
})
