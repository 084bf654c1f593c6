/** Shell lines that the tool gives to a person. */
import { spawn } from 'node:child_process'

const hasEvent = (line: string): boolean => /\[\d+,\d+,\d+,"/.test(line)

/**
 * What a shell line prints until it has printed so many lines with events.
 * @param env of the shell; by default that of this process
 * @returns the whole lines with events
 */
export async function eventLinesOf(line: string, count: number, env = process.env): Promise<string[]> {
  const shell = spawn('sh', ['-c', line], { stdio: ['ignore', 'pipe', 'inherit'], detached: true, env })
  let text = ''
  const found = (): string[] => text.split('\n').slice(0, -1).filter(hasEvent)
  try {
    for await (const chunk of shell.stdout.setEncoding('utf8')) {
      text += chunk
      if (found().length >= count) break
    }
  } finally {
    // The line may be a loop with children of its own: end the whole group.
    if (shell.pid !== undefined && shell.exitCode === null) process.kill(-shell.pid, 'SIGKILL')
  }
  return found()
}
