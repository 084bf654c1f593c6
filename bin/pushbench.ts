/** The CLI: a table of contents. Only here and in `commands/` is anything printed, caught or exited. */
import yargs from 'yargs'
import { hideBin } from 'yargs/helpers'
import { ResultError, UsageError } from '../index.ts'
import { readTool } from '../measure/run/environment.ts'
import { printable, withoutCommands } from '../reports/markup.ts'
import { SideError } from './ab/one-run.ts'
import { commandName, commands } from './commands/index.ts'
import { type ExitCode, exitCodeMeanings, exitCodes } from './exit-codes.ts'
import { checkFlags, explainUsage } from './explain-usage.ts'
import { WriteError } from './output.ts'
import { refuse } from './refusal.ts'

const names = commands.map(commandName)

async function main(words: readonly string[]): Promise<ExitCode> {
  let code: ExitCode = exitCodes.fine
  const parser = yargs([...words])
    .scriptName('pushbench')
    .usage(
      'Measures the ways a server can push events to a web page, side by side, under one workload.\n\n$0 <command>',
    )
    .version(readTool().version)
    .help()
    .alias({ h: 'help' })
    .wrap(Math.min(110, process.stdout.columns ?? 110))
    .demandCommand(1, `say what to do: ${names.join(', ')}`)
    .strict()
    .epilogue(
      `Exit codes: ${Object.entries(exitCodes)
        .map(([name, exit]) => `${exit} ${exitCodeMeanings[name as keyof typeof exitCodes]}`)
        .join('; ')}.`,
    )
    .fail((message, error) => {
      // yargs throws its own findings as YError; anything else came out of a command.
      if (error !== undefined && error !== null && error.name !== 'YError') throw error
      throw new UsageError(explainUsage(message || error.message, words))
    })
    .exitProcess(false)
  for (const command of commands) {
    parser.command({
      command: command.usage,
      describe: command.summary,
      builder: y => {
        const built = y.options(command.options).epilogue(command.teach)
        for (const { name, ...positional } of command.positionals ?? []) built.positional(name, positional)
        for (const [example, does] of command.examples) built.example(example, does)
        return built
      },
      handler: async args => {
        checkFlags(args, command, words)
        code = await command.handle(args)
      },
    })
  }
  await parser.parseAsync()
  return code
}

const words = hideBin(process.argv)
try {
  process.exitCode = await main(words)
} catch (error) {
  if (error instanceof UsageError || error instanceof ResultError) {
    refuse(withoutCommands(error.message), words)
    process.exitCode = exitCodes.usage
  } else if (error instanceof SideError) {
    refuse(printable(error.message), words)
    process.exitCode = error.isUsage ? exitCodes.usage : exitCodes.invalid
  } else if (error instanceof WriteError) {
    refuse(error.message, words)
    process.exitCode = exitCodes.internal
  } else {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    process.stderr.write(`pushbench: internal error, please report it with the lines below\n${text}\n`)
    process.exitCode = exitCodes.internal
  }
}
