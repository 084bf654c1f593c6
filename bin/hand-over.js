// Runs the command on another Node.js, such that whoever started this process notices no difference: signals reach
// the command, and its exit is the exit of this process.
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const variable = 'PUSHBENCH_HANDED_OVER'

/** The process that handed over to this one; undefined where none did. This process itself where it was replaced. */
export const launcherPid = process.env[variable] === undefined ? undefined : Number(process.env[variable])
// What this process starts, such as a side of `ab`, may have to hand over as well.
delete process.env[variable]

/** The runtime that npm installed next to this package, if it has one for this platform. */
export function pinnedRuntime() {
  try {
    const manifest = createRequire(import.meta.url).resolve(
      `node-${process.platform}-${process.arch}/package.json`,
    )
    return join(manifest, '../bin/node')
  } catch {
    return undefined
  }
}

/** Runs the words of this command line on a runtime, in place of this process where Node.js can do that. */
export function handOver(runtime) {
  const words = process.argv.slice(1)
  const env = { ...process.env, [variable]: String(process.pid) }
  if (process.execve !== undefined) process.execve(runtime, [runtime, ...words], env)
  else runAndForward(spawn(runtime, words, { stdio: 'inherit', env }))
}

/** Passes signals on to the command, and ends as it ends. */
function runAndForward(command) {
  const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const name of forwarded) process.on(name, () => command.kill(name))
  command.on('error', error => {
    console.error(`pushbench: cannot run ${command.spawnfile}: ${error.message}`)
    process.exitCode = 1
  })
  command.on('exit', (code, signal) => {
    if (signal === null) process.exit(code)
    for (const name of forwarded) process.removeAllListeners(name)
    process.kill(process.pid, signal)
  })
}
