/** The workflow of docs/ci.md in a project of a user's own, where what it finds depends on how fast the machine is. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before } from 'node:test'
import { live } from './live.ts'
import { commentOf, Gate, meets, regressedIn, sendsMore } from './package-gate.ts'
import { makePackedProject, servers } from './packed-project.ts'

type ServerName = keyof typeof servers

const folder = mkdtempSync(join(tmpdir(), 'pushbench-project-'))
before(() => makePackedProject(folder))
after(() => rmSync(folder, { recursive: true, force: true }))

/** The metrics that regressed from one server to another; a job that failed for another reason is an error. */
function regressions(
  base: ServerName,
  head: ServerName,
  workload?: Readonly<Record<string, unknown>>,
  runs?: number,
): string[] {
  const gate = new Gate(folder, workload)
  const first = gate.push(servers[base], runs)
  assert.equal(first.code, 0, first.log)
  const second = gate.pull(servers[head], runs)
  const regressed = regressedIn(commentOf(second))
  assert.equal(second.code, regressed.length > 0 ? 3 : 0, second.log)
  return regressed
}

live<ServerName>('the workflow of the guide passes a copy of the server', {
  property: async (head = 'takes 10 ms') => assert.deepEqual(regressions('takes 10 ms', head), []),
  planted: { fault: 'sends 60 bytes more', is: 'a server that sends more', shows: /egress\.perDelivery/ },
})

live<ServerName>('the workflow of the guide fails a server that is 30 % slower, on latency', {
  async property(head = 'takes 13 ms') {
    const regressed = regressions('takes 10 ms', head)
    // The tail of half a second is a few samples: its part of the delay may stay open, but nothing else may move.
    assert.ok(
      ['latency.p50', 'latency.p50,latency.p99'].includes(regressed.join()),
      `regressed: ${regressed}`,
    )
  },
  planted: { fault: 'takes 10 ms', is: 'a copy', shows: /^regressed: $/ },
})

live<ServerName>('the workflow of the guide fails a server that sends 60 bytes more, on egress alone', {
  async property(head = sendsMore.server) {
    const gate = new Gate(folder)
    const first = gate.push(servers.sound)
    assert.equal(first.code, 0, first.log)
    const second = gate.pull(servers[head])
    const regressed = regressedIn(commentOf(second))
    assert.ok(regressed.join() === sendsMore.regressed.join(), `regressed: ${regressed}`)
    meets(second, sendsMore)
  },
  planted: { fault: 'sound', is: 'a copy', shows: /^regressed: $/ },
})

/** Memory per client means something from so many clients on. */
const crowd = { clients: 5_000, rate: '2/s', duration: '1s', warmup: '500ms' }

live<ServerName>('the workflow of the guide fails a server that leaks, on memory', {
  async property(head = 'keeps 32 KiB of each client') {
    const regressed = regressions('sound', head, crowd, 5)
    assert.ok(regressed.includes('server.rssPerClient'), `regressed: ${regressed}`)
  },
  planted: { fault: 'sound', is: 'a copy', shows: /^regressed: / },
})
