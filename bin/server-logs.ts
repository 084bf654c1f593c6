/** What servers under test wrote, as files beside the result: one for each server, with a heading for each process. */
import { appendFileSync, globSync, readFileSync, rmSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import type { ServerLog } from '../measure/run/hooks.ts'

/** Ends the name of every such file. */
const ending = '.server.log'

/** The name of a server in a file name: that of its module, or its technique. */
const fileOf = ({ plan: { pair } }: ServerLog): string =>
  `${(pair.foreign === undefined ? pair.technique : basename(pair.foreign.name)).replace(/[^\w.-]+/g, '-')}${ending}`

function headingOf({ plan, process }: ServerLog): string {
  const { foreign, technique } = plan.pair
  const parts = [foreign?.name ?? technique, plan.scenario, plan.fault?.text, `run ${plan.run}`, process]
  return `=== ${parts.filter(part => part !== undefined).join(', ')} ===`
}

/** Says where a log is. */
export const logLine = (path: string): string =>
  `log:     ${relative(process.cwd(), path)} (what the server wrote)`

/** The logs beside one result. */
export class ServerLogs {
  readonly #folder: string
  readonly #paths = new Set<string>()

  /** @param folder where the result is written */
  constructor(folder: string) {
    this.#folder = folder
  }

  /** The files that were written so far. */
  get paths(): readonly string[] {
    return [...this.#paths]
  }

  add(log: ServerLog): void {
    this.#append(fileOf(log), `${headingOf(log)}\n${log.text.trimEnd()}\n\n`)
  }

  /**
   * Moves the logs of another folder here.
   * @param prefix begins their names here
   * @param heading stands above what each file holds
   */
  take(folder: string, prefix: string, heading: string): void {
    for (const name of globSync(`*${ending}`, { cwd: folder })) {
      this.#append(`${prefix}-${name}`, `=== ${heading} ===\n${readFileSync(join(folder, name), 'utf8')}`)
      rmSync(join(folder, name))
    }
  }

  #append(name: string, text: string): void {
    const path = join(this.#folder, name)
    // What an earlier run left in this folder is not of this result.
    if (!this.#paths.has(path)) rmSync(path, { force: true })
    this.#paths.add(path)
    appendFileSync(path, text)
  }
}
