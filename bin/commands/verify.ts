/** `pushbench verify`: the conformance suite against the built-in techniques. */
import { isTechnique, pairOf, type Technique, techniques, UsageError } from '../../index.ts'
import { unknownName } from '../../model/usage-error.ts'
import { type Case, type CaseResult, cases, verify as verifyPair } from '../../verify/suite.ts'
import { type Command, endWith, print } from '../command.ts'
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
    case: {
      type: 'string',
      array: true,
      requiresArg: true,
      describe: 'only this case, or those whose names contain this; repeatable  [default: all]',
    },
    bail: { type: 'boolean', describe: 'leave a technique at its first failure' },
    json: { type: 'boolean', describe: 'as JSON' },
  },
  examples: [
    ['$0 verify -t sse', 'one technique, a line for each case'],
    ['$0 verify -t sse --case payload --bail', 'its cases about payloads, until one fails'],
  ],
  teach:
    'A case that a technique cannot pass by its nature is a deviation: it is recorded with its reason and shown.\n' +
    'A technique is exempt from a case about something that it does not declare, such as a setting.\n' +
    'Exit 4 when a case fails, or when a recorded deviation no longer holds.',
  handle: verifyCommand,
}

async function verifyCommand(args: Readonly<Record<string, unknown>>): Promise<ExitCode> {
  const json = args['json'] === true
  const [techniques, cases] = [techniquesArg(args['technique']), casesArg(args['case'])]
  const all: (CaseResult & { technique: Technique })[] = []
  for (const technique of techniques) {
    await verifyPair(pairOf(technique), {
      cases,
      bail: args['bail'] === true,
      onResult(result) {
        all.push({ technique, ...result })
        if (!json) print(lineOf(technique, result))
      },
    })
  }
  print(json ? JSON.stringify(all, null, 1) : summaryOf(all, techniques.length * cases.length))
  return endWith(all.some(({ state }) => state === 'failed') ? exitCodes.invalid : exitCodes.fine)
}

/** How many cases ended in which way; `planned` is how many there are to run. */
function summaryOf(results: readonly CaseResult[], planned: number): string {
  const count = (state: CaseResult['state']): number => results.filter(each => each.state === state).length
  const left = planned - results.length
  return (
    `\n${count('passed')} passed, ${count('failed')} failed, ${count('deviates')} deviate with a reason, ` +
    `${count('exempt')} exempt${left > 0 ? `, ${left} not run` : ''}`
  )
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

/** The cases that are named, in the order in which they run; every one where none is. */
function casesArg(given: unknown): readonly Case[] {
  if (!Array.isArray(given)) return cases
  const chosen = new Set(given.flatMap(text => casesNamed(String(text))))
  return cases.filter(each => chosen.has(each))
}

/** The case of this name, or those whose names contain it. */
function casesNamed(text: string): readonly Case[] {
  if (text === '') throw new UsageError('--case: "" names no case: give a part of a name, such as payload')
  const [wanted, names] = [text.toLowerCase(), cases.map(({ name }) => name)]
  const exact = cases.filter(({ name }) => name.toLowerCase() === wanted)
  const found = exact.length > 0 ? exact : cases.filter(({ name }) => name.toLowerCase().includes(wanted))
  if (found.length > 0) return found
  throw new UsageError(`--case: ${unknownName('case', text, names)}`)
}
