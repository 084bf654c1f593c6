import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { parseResult } from '../../index.ts'
import { planRuns } from '../../plan/plan.ts'
import { type Cli, childrenOf, cli, gone, start, temporaryFolder } from './cli.ts'

const short = [
  ...['run', '-t', 'polling', '-c', '5', '-R', '50/s', '-d', '300ms', '-W', '100ms'],
  ...['--set', 'polling.interval=50ms'],
]

const measurementsIn = (folder: string) =>
  parseResult(readFileSync(join(folder, 'results.json'), 'utf8'), 'the result').measurements

/** The processes of a run once the one that asks is among them. */
async function untilAsking(run: Cli): Promise<ReturnType<typeof childrenOf>> {
  for (;;) {
    const children = childrenOf(run.pid)
    if (children.some(({ command }) => command.includes('ceiling-process'))) return children
    assert.equal(run.process.exitCode, null, run.stderr())
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

describe('the ceiling on the command line', { concurrency: 2 }, () => {
  test('is measured for as long as --ceiling says and stands in the report', async context => {
    const folder = temporaryFolder(context)
    const { code, stdout, stderr } = await cli([...short, '--progress', '--ceiling', '200ms', '-o', folder])
    assert.equal(code, 0, stderr)
    const [polling] = measurementsIn(folder)
    assert.ok(polling?.ceiling && polling.ceiling.requestsPerSecond > 0)
    assert.match(stderr, /polling \(steady\) {2}asking as fast as the server answers/)
    assert.match(stdout + readFileSync(join(folder, 'report.html'), 'utf8'), /id="ceiling-1"/)
  })

  test('is left out by --no-ceiling', async context => {
    const folder = temporaryFolder(context)
    const env = { PUSHBENCH_CEILING: '1s' }
    const { code, stderr } = await cli([...short, '--no-ceiling', '-o', folder], { env })
    // A machine that is too busy for the run makes it invalid, which is not the question.
    assert.ok(code === 0 || code === 4, `exit ${code}: ${stderr}`)
    assert.deepEqual(
      measurementsIn(folder).map(({ ceiling }) => ceiling),
      [null],
    )
    assert.ok(!readFileSync(join(folder, 'report.html'), 'utf8').includes('id="ceiling-1"'))
  })

  test('a ceiling of 0 is left out of the plan as well', () => {
    // As a variable or a configuration file says it.
    for (const ceiling of ['0', false] as const)
      assert.deepEqual(
        planRuns({ technique: 'polling', ceiling }).map(plan => plan.ceiling),
        [0],
      )
  })

  test('Ctrl-C during it leaves no process and keeps what was measured', async context => {
    const folder = temporaryFolder(context)
    const run = start([...short, '--progress', '--ceiling', '60s', '-o', folder])
    const children = await untilAsking(run)
    assert.deepEqual(
      children.map(({ command }) => /(server|ceiling)-process/.exec(command)?.[1]).toSorted(),
      ['ceiling', 'server'],
    )
    run.process.kill('SIGINT')
    assert.equal(await run.ended, 130)
    await gone(children.map(({ pid }) => pid))
    const [polling, ...others] = measurementsIn(folder)
    assert.equal(others.length, 0)
    assert.equal(polling?.passed, true)
    assert.equal(polling?.ceiling, null)
  })

  test('a parent that is killed takes the process that asks with it', async context => {
    const run = start([...short, '--progress', '--ceiling', '60s', '-o', temporaryFolder(context)])
    const children = (await untilAsking(run)).map(({ pid }) => pid)
    run.process.kill('SIGKILL')
    await run.ended
    await gone(children)
  })
})
