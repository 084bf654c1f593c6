// Notices that nobody waits for this process any more. npm passes SIGTERM to its shell alone, and a shell that is
// killed passes nothing on: without a look at it, `kill` of an `npx pushbench serve` would leave the server running.
import { readFileSync } from 'node:fs'

/** How often this process looks, in milliseconds. */
const lookEveryMs = 250

/** An `&` of the shell, and none of `&&`, `2>&1` and `&>`. */
const background = /(?<![&>])&(?![&>])/

/**
 * Sends SIGTERM to this process when the one that started it ends first. A shell or a service manager may end
 * first, as with `pushbench serve sse &`, so this looks only at a launcher and at npm.
 * @param launcher the process that handed over to this one; undefined where none did
 */
export function endWithStarter(launcher) {
  const starters =
    launcher === undefined || launcher === process.pid ? npmStarters() : [[process.pid, launcher]]
  if (starters.length === 0) return
  const timer = setInterval(() => {
    if (starters.every(([pid, parent]) => parentOf(pid) === parent)) return
    clearInterval(timer)
    process.kill(process.pid, 'SIGTERM')
  }, lookEveryMs)
  timer.unref()
}

/**
 * Processes and their parents as they are while npm waits: this one, and the shell between, if there is one. None
 * where npm did not start this command, or in a script that leaves something running on purpose.
 */
function npmStarters() {
  const script = process.env.npm_lifecycle_script ?? ''
  if (!/pushbench|launch\.js/.test(script) || background.test(script)) return []
  const parent = process.ppid
  const own = [process.pid, parent]
  const above = isShell(parent) ? parentOf(parent) : undefined
  return above === undefined ? [own] : [own, [parent, above]]
}

/** True for `sh -c <script>`. A shell that replaced itself by the command leaves npm itself as the parent. */
function isShell(pid) {
  return readProcess(pid, 'cmdline')?.split('\0')[1] === '-c'
}

/** Undefined for a process that is gone, and for any but this one where there is no `/proc`. */
function parentOf(pid) {
  if (pid === process.pid) return process.ppid
  // The name in parentheses may hold anything; the state and the parent follow it.
  const parent = readProcess(pid, 'stat')?.replace(/^.*\)/s, '').split(' ')[2]
  return parent === undefined ? undefined : Number(parent)
}

function readProcess(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return undefined
  }
}
