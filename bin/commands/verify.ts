/** `pushbench verify`: the conformance suite against the built-in techniques. */
import { isTechnique, pairOf, type Technique, techniques, UsageError } from '../../index.ts'
import { unknownName } from '../../model/usage-error.ts'
import { type CaseResult, verify as verifyPair } from '../../verify/suite.ts'
import { type Command, print } from '../command.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'

const marks: Readonly<Record<CaseResult['state'], string>> = {
  passed: 'passed  ',
  failed: 'FAILED  ',
  deviates: 'deviates',
  exempt: 'exempt  ',
}

export const verify: Command = {
  usage: 'verify',
  summary: 'run the conformance suite: every technique must deliver the same events',
  options: {
    technique: {
      type: 'string',
      array: true,
      alias: 't',
      requiresArg: true,
      describe: 'techniques to verify, separated by commas  [default: all]',
    },
    json: { type: 'boolean', describe: 'as JSON' },
  },
  examples: [['$0 verify -t sse', 'one technique, a line for each case']],
  teach:
    'A case that a technique cannot pass by its nature is a deviation: it is recorded with its reason and shown.\n' +
    'A technique is exempt from a case about something that it does not declare, such as a setting.\n' +
    'Exit 4 when a case fails, or when a recorded deviation no longer holds.',
  handle: verifyCommand,
}

async function verifyCommand(args: Readonly<Record<string, unknown>>): Promise<ExitCode> {
  const json = args['json'] === true
  const all: (CaseResult & { technique: Technique })[] = []
  for (const technique of techniquesArg(args['technique'])) {
    await verifyPair(pairOf(technique), {
      onResult(result) {
        all.push({ technique, ...result })
        if (!json) print(lineOf(technique, result))
      },
    })
  }
  const count = (state: CaseResult['state']): number => all.filter(result => result.state === state).length
  if (json) print(JSON.stringify(all, null, 1))
  else
    print(
      `\n${count('passed')} passed, ${count('failed')} failed, ${count('deviates')} deviate with a reason, ` +
        `${count('exempt')} exempt`,
    )
  return count('failed') > 0 ? exitCodes.invalid : exitCodes.fine
}

/** The requirement in a sentence and, where there is more to say, what happened and what to look at first. */
function lineOf(
  technique: Technique,
  { case: name, about, state, detail, advice, millis }: CaseResult,
): string {
  const lines = [`${marks[state]}  ${technique}: ${about} [${name}, ${millis.toFixed(0)} ms]`]
  if (detail !== '') lines.push(...detail.split('\n'))
  if (advice !== '') lines.push(`-> ${advice}`)
  return lines.join('\n          ')
}

function techniquesArg(given: unknown): readonly Technique[] {
  if (!Array.isArray(given)) return techniques
  return given
    .flatMap(text => String(text).split(','))
    .map(name => {
      if (isTechnique(name)) return name
      throw new UsageError(`--technique: ${unknownName('technique', name, techniques)}`)
    })
}
