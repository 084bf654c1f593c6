/** A project of a user's own, which has installed pushbench from the tarball that `npm pack` makes. */
import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

const exec = promisify(execFile)
const root = join(import.meta.dirname, '..')

/**
 * Makes the project as docs/ci.md says, from what npm has in its cache.
 * @param folder an empty one; it is also the place of the tarball
 */
export async function makePackedProject(folder: string): Promise<void> {
  const vendor = join(folder, 'vendor')
  mkdirSync(vendor)
  await exec('npm', ['pack', '--silent', '--pack-destination', vendor], { cwd: root })
  const tarball = readdirSync(vendor).find(name => name.endsWith('.tgz'))
  if (tarball === undefined) throw new Error('npm pack made no tarball')
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'shop', private: true, type: 'module' }))
  const quietly = ['--silent', '--no-audit', '--no-fund', '--prefer-offline']
  await exec('npm', ['install', ...quietly, '--save-dev', `./vendor/${tarball}`], { cwd: folder })
}

/** A change of the server below: lines that run before and for each delivery. */
interface Change {
  /** At the start of `create`. */
  readonly first?: string
  /** For each client that connects. */
  readonly connect?: string
  /** At the start of `publish`, which has `stream`, `text` and `seq`. */
  readonly publish?: string
  /** In place of the delivery to a `client`. */
  readonly deliver?: string
}

const delivery = `client.write(\`id: \${seq}\\ndata: \${text}\\n\\n\`)`

const later = (milliseconds: number): string => `setTimeout(() => ${delivery}, ${milliseconds})`

/** The text of `server.ts`: server-sent events on `node:http`, as a user would write it. */
export const serverText = ({
  first = '',
  connect = '',
  publish = '',
  deliver = delivery,
}: Change = {}): string => `
import type { ServerResponse } from 'node:http'
import { defineServer, httpServer } from 'pushbench'

export default defineServer({
  technique: 'sse',
  create(context) {
    const clients = new Set<ServerResponse>()
    ${first}
    return httpServer(context, {
      handler(_, response) {
        response.writeHead(200, { 'Content-Type': 'text/event-stream' }).flushHeaders()
        clients.add(response)
        ${connect}
        response.once('close', () => clients.delete(response))
      },
      path: '/events',
      publish(stream, text, seq) {
        ${publish}
        for (const client of clients) ${deliver}
        return clients.size
      },
    })
  },
})
`

/** Servers with one defect each. */
export const servers = {
  sound: serverText(),
  throws: serverText({ publish: "if (seq === 20) throw new Error('no such room')" }),
  exits: serverText({ publish: 'if (seq === 20) process.exit(7)' }),
  // Blocks its only thread, without using the processor.
  hangs: serverText({
    publish: 'if (seq === 20) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)',
  }),
  // In one write, so that nothing but the bytes changes.
  'sends 60 bytes more': serverText({ deliver: delivery.replace('`', `\`:${'x'.repeat(58)}\\n`) }),
  'drops 1 of 200': serverText({ first: 'let sent = 0', deliver: `if (++sent % 200 !== 0) ${delivery}` }),
  'takes 10 ms': serverText({ deliver: later(10) }),
  'takes 13 ms': serverText({ deliver: later(13) }),
  'keeps 32 KiB of each client': serverText({
    first: 'const kept: Buffer[] = []',
    connect: 'kept.push(Buffer.alloc(32_768, 1))',
  }),
} as const
