import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { type TestContext, test } from 'node:test'
import type { ServerJob } from '../../../measure/messages/job.ts'
import { Child, ChildError, type Entry } from '../../../measure/run/child.ts'
import { originNow } from '../../../model/clock.ts'
import { micros } from '../../../model/units.ts'
import { builtIn } from '../plan.ts'

const answerTimeoutMs = 15_000

function serverJob(change: Partial<ServerJob> = {}): ServerJob {
  const { technique, serverModule } = builtIn('polling')
  return {
    role: 'server',
    origin: originNow(),
    adapter: { module: serverModule, technique },
    settings: {},
    address: { host: '127.0.0.1', port: 0 },
    streams: [0],
    countedStreams: [0],
    schedule: { seed: 1, arrivals: 'poisson', ratePerSecond: 1 },
    payloadBytes: 128,
    logEvents: 10,
    delivery: 'log',
    backendPoll: micros(0),
    ...change,
  }
}

function childOf(t: TestContext, entry: Entry = 'server-process', name = 'the server of a test'): Child {
  const child = new Child(entry, name)
  t.after(() => child.close())
  return child
}

/** What a promise of an answer is rejected with. */
async function failureOf(answer: Promise<unknown>): Promise<string> {
  const error = await answer.then(
    () => assert.fail('there was an answer'),
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof ChildError, String(error))
  return error.message
}

/** True while a process runs; one that has ended but was not yet waited for does not. */
function runs(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

/** Resolves when a process is gone; its time limit is that of the test. */
async function gone(pid: number): Promise<void> {
  while (runs(pid)) await new Promise(resolve => setTimeout(resolve, 5))
}

test('a server listens where it says, and is gone once it was closed', async t => {
  const child = childOf(t)
  child.send({ type: 'job', job: serverJob() })
  const { url } = await child.next('listening', answerTimeoutMs)
  const response = await fetch(`${url}?stream=0&since=0`)
  assert.equal(await response.text(), '[]')
  const { pid } = child
  assert.ok(pid !== undefined && existsSync(`/proc/${pid}`))
  await child.close()
  assert.equal(runs(pid), false)
  assert.equal(await child.ended, 'exited with code 0')
})

for (const [what, entry, job, sentence] of [
  [
    'a module that does not exist',
    'server-process',
    serverJob({ adapter: { module: 'file:///nowhere/servers.ts', technique: 'polling' } }),
    /^the server of a test failed: .*nowhere\/servers\.ts/,
  ],
  [
    'a technique that its module does not have',
    'server-process',
    serverJob({ adapter: { module: builtIn('polling').serverModule, technique: 'pigeons' } }),
    /^the server of a test failed: no server adapter "pigeons": /,
  ],
  [
    'an address that cannot be had',
    'server-process',
    serverJob({ address: { host: '192.0.2.1', port: 0 } }),
    /^the server of a test failed: .*EADDRNOTAVAIL.*192\.0\.2\.1/,
  ],
  [
    'the role of another',
    'client-process',
    serverJob(),
    /^the server of a test failed: a client process was given the job of a server$/,
  ],
] as const) {
  test(`the job of ${what} ends the child with a sentence that says so`, async t => {
    const child = childOf(t, entry)
    child.send({ type: 'job', job })
    const message = await failureOf(child.next('listening', answerTimeoutMs))
    assert.match(message, sentence)
    assert.ok(!message.includes('\n'))
    assert.ok(child.pid !== undefined && !runs(child.pid))
  })
}

test('a child that failed says why every time, however its end and its last words are ordered', async t => {
  const job = serverJob({ adapter: { module: builtIn('polling').serverModule, technique: 'pigeons' } })
  const messages = await Promise.all(
    Array.from({ length: 6 }, async () => {
      const child = childOf(t)
      child.send({ type: 'job', job })
      return failureOf(child.next('listening', answerTimeoutMs))
    }),
  )
  for (const message of messages) assert.match(message, /no server adapter "pigeons": /)
})

test('a child that is killed is reported with its signal, to who waits and to who asks later', async t => {
  const child = childOf(t)
  child.send({ type: 'job', job: serverJob() })
  await child.next('listening', answerTimeoutMs)
  const waiting = failureOf(child.next('report', answerTimeoutMs))
  process.kill(child.pid ?? 0, 'SIGKILL')
  assert.equal(await waiting, 'the server of a test was killed by SIGKILL')
  assert.equal(await child.ended, 'was killed by SIGKILL')
  child.send({ type: 'finish' })
  assert.equal(
    await failureOf(child.next('report', answerTimeoutMs)),
    'the server of a test was killed by SIGKILL',
  )
  await child.close()
})

test('a child that does not answer in time is reported with the time', async t => {
  const child = childOf(t)
  assert.equal(
    await failureOf(child.next('listening', 50)),
    'the server of a test did not listen within 0.05 s',
  )
})

test('an answer that came before it was waited for is not lost', async t => {
  const child = childOf(t)
  child.send({ type: 'job', job: serverJob() })
  await child.next('listening', answerTimeoutMs)
  child.send({ type: 'finish' })
  child.send({ type: 'job', job: serverJob() })
  // The answers come in order, so the report is there before the second address.
  await child.next('listening', answerTimeoutMs)
  const { report } = await child.next('report', answerTimeoutMs)
  assert.equal(report.role, 'server')
})

test('a child leaves Ctrl-C and SIGTERM to its parent', async t => {
  const child = childOf(t)
  child.send({ type: 'job', job: serverJob() })
  await child.next('listening', answerTimeoutMs)
  process.kill(child.pid ?? 0, 'SIGINT')
  process.kill(child.pid ?? 0, 'SIGTERM')
  child.send({ type: 'finish' })
  assert.equal((await child.next('report', answerTimeoutMs)).report.role, 'server')
})

test('a child that was stopped goes on and closes in order', async t => {
  const child = childOf(t)
  child.send({ type: 'job', job: serverJob() })
  await child.next('listening', answerTimeoutMs)
  process.kill(child.pid ?? 0, 'SIGSTOP')
  await child.close()
  assert.equal(await child.ended, 'exited with code 0')
})

test('a child that is asked to close and cannot is killed', async t => {
  const child = childOf(t)
  child.send({ type: 'job', job: serverJob() })
  await child.next('listening', answerTimeoutMs)
  const closed = child.close()
  process.kill(child.pid ?? 0, 'SIGSTOP')
  await closed
  assert.equal(await child.ended, 'was killed by SIGKILL')
})

test('a child whose parent dies ends by itself', { timeout: 30_000 }, async t => {
  const script = `
    import { Child } from ${JSON.stringify(new URL('../../../measure/run/child.ts', import.meta.url).href)}
    const child = new Child('server-process', 'orphan')
    child.send({ type: 'job', job: ${JSON.stringify(serverJob())} })
    await child.next('listening', ${answerTimeoutMs})
    console.log(child.pid)
  `
  const parent = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.after(() => parent.kill('SIGKILL'))
  const [line] = (await once(createInterface(parent.stdout), 'line')) as [string]
  const pid = Number(line)
  assert.ok(pid > 1 && runs(pid))
  t.after(() => {
    if (runs(pid)) process.kill(pid, 'SIGKILL')
  })
  parent.kill('SIGKILL')
  await gone(pid)
})
