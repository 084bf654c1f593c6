/** A known handicap, from the server module to the verdict. Simulated results stand for all others. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Comparison } from '../../compare/compare.ts'
import { live } from '../live.ts'
import { cli } from './cli.ts'

const handicap = (name: string): string => fileURLToPath(new URL(`../handicaps/${name}.ts`, import.meta.url))

// Six runs a side can show a difference of five metrics and bear one stray run. Runs of half a second cannot resolve
// the cost of ten clients, and a busy machine moves it at will.
const load = ['-c', '10', '-R', '20/s', '-d', '500ms', '-W', '200ms', '-n', '6']
const lenient = ['server.cpuPerDelivery=200%', 'server.rssPerClient=400%'].flatMap(each => [
  '--minimum-effect',
  each,
])

live<string>('a delay of 5 ms for each delivery is called a regression of latency, and nothing else', {
  async property(head = 'delay') {
    const folder = mkdtempSync(join(tmpdir(), 'pushbench-ab-'))
    try {
      const { stdout, stderr } = await cli([
        ...['ab', '--base', handicap('none'), '--head', handicap(head)],
        ...[...load, '-o', folder, '--json', '-', ...lenient],
      ])
      const regressed = (JSON.parse(stdout) as Comparison).findings
        .filter(({ verdict }) => verdict === 'regressed')
        .map(({ metric }) => metric)
      assert.equal(regressed[0], 'latency.p50', `regressed: ${regressed}; ${stderr}`)
      // A tail of half a second is a few samples: its part of the delay may stay open, but nothing else may move.
      assert.ok(regressed.length === 1 || regressed.join() === 'latency.p50,latency.p99', regressed.join())
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
  planted: { fault: 'none', is: 'the same server on both sides', shows: /^regressed/ },
})
