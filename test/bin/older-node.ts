/** Node.js versions that are too old for pushbench, for tests: a real one where there is one, and a pretended one. */
import { spawnSync } from 'node:child_process'
import { delimiter, join } from 'node:path'

const pretence =
  "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.0.0' } })"

/**
 * This Node.js, which says that it is 20.0.0. What it starts is itself again.
 * @param canReplaceItself false to take away what Node.js 20 does not have: `process.execve`
 */
export const pretendedNode = (canReplaceItself: boolean): [file: string, ...words: string[]] => [
  process.execPath,
  `--import=data:text/javascript,${encodeURIComponent(`${pretence}${canReplaceItself ? '' : '; delete process.execve'}`)}`,
]

/** A Node.js before 24 in the folders of PATH and of the system; undefined where there is none. */
export function findOlderNode(): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin', '/usr/local/bin']
  return folders
    .map(folder => join(folder, 'node'))
    .find(file => {
      const { stdout } = spawnSync(file, ['--version'], { encoding: 'utf8' })
      const major = Number(/^v(\d+)\./.exec(stdout ?? '')?.[1] ?? Number.NaN)
      return major >= 20 && major < 24
    })
}
