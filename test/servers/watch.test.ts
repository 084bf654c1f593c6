/** The shell line by which a person watches a server, for every technique by its name. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { techniques } from '../../index.ts'
import type { ServerTechnique } from '../../model/technique.ts'
import { servers } from '../../servers/index.ts'
import { firstEventOf } from '../bin/shell-line.ts'
import { serve } from '../served.ts'

describe('the line to watch a server with shows events', { concurrency: 4 }, () => {
  for (const technique of techniques) {
    test(technique, async t => {
      const adapter: ServerTechnique = servers[technique] as ServerTechnique
      const { url, publish } = await serve(t, adapter)
      let seq = 0
      const timer = setInterval(() => publish(++seq), 20)
      t.after(() => clearInterval(timer))
      assert.match(await firstEventOf(adapter.watch(url)), /\[\d+,\d+,\d+,"payload /)
    })
  }
})
