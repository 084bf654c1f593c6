/** What a command of the CLI is made of. */
import type { Options, PositionalOptions } from 'yargs'
import type { ExitCode } from './exit-codes.ts'

/** One command, as its file in `commands/` exports it. */
export interface Command {
  /** As yargs reads it, e.g. `report <file>`. */
  readonly usage: string
  readonly summary: string
  readonly options: Readonly<Record<string, Options>>
  readonly positionals?: readonly ({ readonly name: string } & PositionalOptions)[]
  readonly examples: readonly (readonly [command: string, does: string])[]
  /** Closes the help: what to know before using it. */
  readonly teach: string
  handle(args: Readonly<Record<string, unknown>>): Promise<ExitCode>
}

/** The text given for a flag; undefined when it was not given. */
export function textArg(args: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = args[name]
  return typeof value === 'string' ? value : undefined
}

/** Data for the next program or the reader. */
export const print = (text: string): void => {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`)
}

/** Everything that is not data. */
export const note = (text: string): void => {
  process.stderr.write(text.endsWith('\n') ? text : `${text}\n`)
}

/**
 * Ends this process once all output is written, whatever is still open in it: for commands that run code under test,
 * which may leave a timer, a socket or a loop behind. Never resolves.
 */
export async function endWith(code: ExitCode): Promise<never> {
  for (const stream of [process.stdout, process.stderr])
    await new Promise<void>(written => stream.write('', () => written()))
  process.exit(code)
}
