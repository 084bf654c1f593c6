/** What `ab` says of its own duration, against the clock. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { forecastOf, planOf } from '../../bin/ab/forecast.ts'
import { sideOf } from '../../bin/ab/side.ts'
import { live } from '../live.ts'
import { cli } from './cli.ts'

const module = fileURLToPath(new URL('../handicaps/none.ts', import.meta.url))
const flags = { clients: 50, rate: '20/s', duration: '3s', warmup: '1s' }
const blocks = 3

live<number>('ab says within 20 % how long it will take', {
  async property(slower = 1) {
    const folder = mkdtempSync(join(tmpdir(), 'pushbench-forecast-'))
    try {
      const plan = await planOf(sideOf('base', module), flags, undefined)
      const said = (forecastOf([plan, plan], blocks).blockMs ?? Number.NaN) * blocks
      const words = Object.entries(flags).map(([name, value]) => `--${name}=${value}`)
      const startedAt = performance.now()
      await cli([
        'ab',
        '--base',
        module,
        '--head',
        module,
        ...words,
        `-n${blocks}`,
        '--no-progress',
        '-o',
        folder,
      ])
      const took = (performance.now() - startedAt) * slower
      assert.ok(Math.abs(said / took - 1) <= 0.2, `said ${(said / took).toFixed(2)} of what it took`)
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
  planted: { fault: 2, is: 'a machine on which it takes twice as long', shows: /^said 0\.[3-6]/ },
})
