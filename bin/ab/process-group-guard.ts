/**
 * Ends a program and everything that it started when the process at the other end of the channel sends a message or
 * exits, for whatever reason. The program leads a process group, so that what a shell has started ends with it. The
 * arguments hold its working directory and its command line; its exit becomes the exit of this process.
 */
import { spawn } from 'node:child_process'

const [cwd = '.', file = '', ...words] = process.argv.slice(2)
const program = spawn(file, words, { cwd, detached: true, stdio: ['ignore', 'inherit', 'inherit'] })

function killGroup(): void {
  if (program.pid === undefined) return
  try {
    process.kill(-program.pid, 'SIGKILL')
  } catch {
    // No process of the group is left.
  }
}

for (const end of ['message', 'disconnect', 'SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(end, () => {
    killGroup()
    process.exit(1)
  })
}
program.on('error', error => {
  process.stderr.write(`${error.message}\n`)
  process.exit(1)
})
program.on('exit', (code, signal) => {
  killGroup()
  if (signal !== null) process.stderr.write(`it was killed by ${signal}\n`)
  process.exit(code ?? 1)
})
