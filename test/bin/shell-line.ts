/** Shell lines that the tool gives to a person. */
import { spawn } from 'node:child_process'

/** What a shell line prints until there is an event in it. */
export async function firstEventOf(line: string): Promise<string> {
  const shell = spawn('sh', ['-c', line], { stdio: ['ignore', 'pipe', 'inherit'], detached: true })
  let text = ''
  try {
    for await (const chunk of shell.stdout.setEncoding('utf8')) {
      text += chunk
      if (/\[\d+,/.test(text)) break
    }
  } finally {
    // The line may be a loop with children of its own: end the whole group.
    if (shell.pid !== undefined && shell.exitCode === null) process.kill(-shell.pid, 'SIGKILL')
  }
  return text
}
