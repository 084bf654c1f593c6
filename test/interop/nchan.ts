/** nginx with its nchan module as a third-party server, in a folder of its own; closed with the test. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

/** Where Debian puts the module. */
const module = '/usr/lib/nginx/modules/ngx_nchan_module.so'

const binary = ['/usr/sbin/nginx', '/usr/bin/nginx'].find(path => existsSync(path))

/** Why nchan is not available here; false when it is. */
export const nchanMissing: string | false =
  binary === undefined || spawnSync(binary, ['-v']).status !== 0
    ? 'nginx is not installed (apt-get install nginx libnginx-mod-nchan)'
    : existsSync(module)
      ? false
      : 'the nchan module is not installed (apt-get install libnginx-mod-nchan)'

export interface Nchan {
  /** Where subscribers of a kind connect. A long poll is given the one event after its `since`. */
  readonly url: (kind: 'eventsource' | 'websocket' | 'longpoll' | 'multipart') => URL
  /** Publishes the text of an event; resolves once nchan has taken it. */
  publish(seq: number, text: string): Promise<void>
}

const kinds = ['eventsource', 'websocket', 'multipart-mixed']

const configuration = (folder: string, port: number): string => `
load_module ${module};
daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log stderr error;
events { worker_connections 256; }
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  client_max_body_size 1m;
  client_body_buffer_size 1m;
  server {
    listen 127.0.0.1:${port};
    location = /publish {
      nchan_publisher;
      nchan_channel_id $arg_channel;
    }
    # nchan gives multipart to those only that ask for it by name, which no page does.
    location = /multipart {
      proxy_pass http://127.0.0.1:${port}/multipart-mixed$is_args$args;
      proxy_http_version 1.1;
      proxy_buffering off;
      proxy_set_header Accept multipart/mixed;
    }
    # One channel for each cursor holds the event behind it.
    location = /longpoll {
      nchan_subscriber longpoll;
      nchan_channel_id after$arg_since;
      nchan_subscriber_first_message oldest;
    }
${kinds
  .map(
    kind => `    location = /${kind} {
      nchan_subscriber ${kind};
      nchan_channel_id events;
      nchan_subscriber_first_message oldest;
    }`,
  )
  .join('\n')}
  }
}
`

/** Starts nginx and resolves when it answers. */
export async function startNchan(t: TestContext): Promise<Nchan> {
  const folder = await mkdtemp(join(tmpdir(), 'pushbench-nchan-'))
  const port = await freePort()
  const file = join(folder, 'nginx.conf')
  await writeFile(file, configuration(folder, port))
  const server = spawn(binary ?? 'nginx', ['-c', file, '-p', folder], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let complaints = ''
  server.stderr.setEncoding('utf8').on('data', (piece: string) => {
    complaints += piece
  })
  const exited = once(server, 'exit')
  t.after(async () => {
    server.kill('SIGTERM')
    await exited
    await rm(folder, { recursive: true, force: true })
  })
  const origin = `http://127.0.0.1:${port}`
  const answers = async (): Promise<boolean> =>
    await fetch(`${origin}/publish?channel=none`).then(
      response => response.body?.cancel().then(() => true) ?? true,
      () => false,
    )
  const end = performance.now() + 20_000
  while (!(await answers())) {
    if (performance.now() > end || server.exitCode !== null)
      throw new Error(`nginx does not answer: ${complaints}`)
    await new Promise(resolve => setTimeout(resolve, 10))
  }
  return {
    url: kind => new URL(`${origin}/${kind}`),
    async publish(seq, text) {
      for (const channel of ['events', `after${seq - 1}`]) {
        const response = await fetch(`${origin}/publish?channel=${channel}`, { method: 'POST', body: text })
        await response.body?.cancel()
        if (!response.ok) throw new Error(`nchan answered ${response.status}`)
      }
    },
  }
}

/** A port that was free a moment ago; nginx cannot choose a free port and report it. */
async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  await new Promise(resolve => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}
