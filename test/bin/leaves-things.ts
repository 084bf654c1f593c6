/**
 * To be imported ahead of the command: from then on the client of `sse` cannot connect, never finishes closing, and
 * leaves a timer, a listening socket and a loop of promises behind.
 */
import { createServer } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { clients } from '../../clients/index.ts'
import type { PushClient } from '../../model/technique.ts'

async function runForever(): Promise<never> {
  for (;;) await nextTurn()
}

const create = (): PushClient => ({
  async connect() {
    throw new Error('planted')
  },
  close() {
    setInterval(() => {}, 1_000)
    createServer().listen(0)
    return runForever()
  },
})

Object.assign(clients.sse, { create })
