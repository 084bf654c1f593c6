import assert from 'node:assert/strict'
import { test } from 'node:test'
import { explainUsage } from '../../bin/explain-usage.ts'

const said: readonly (readonly [words: string, yargs: string, sentence: string])[] = [
  [
    'run --tecnique sse',
    'Unknown arguments: tecnique, sse',
    'unknown flag of "run" "--tecnique": did you mean "--technique"?',
  ],
  [
    'run --metric latency.p50',
    'Unknown argument: metric',
    'unknown flag of "run" "--metric": it is a flag of "compare", "ab", "trend"; see "pushbench run --help"',
  ],
  ['run -z', 'Unknown argument: z', 'unknown flag of "run" "-z": see "pushbench run --help"'],
  ['run sse', 'Unknown argument: sse', '"run" takes no argument "sse": see "pushbench run --help"'],
  ['rnu', 'Unknown argument: rnu', 'unknown command "rnu": did you mean "run"?'],
  [
    '--loud',
    'Unknown argument: loud',
    'unknown flag "--loud": say first what to do, as in "pushbench run", and give flags after it',
  ],
  [
    'compare a.json',
    'Not enough non-option arguments: got 1, need at least 2',
    '"compare" needs more arguments: give pushbench compare <base> <head>',
  ],
  ['run -c', 'Not enough arguments following: c', '--clients needs a value, e.g. -c 5000'],
  [
    'run --set',
    'Not enough arguments following: set',
    '--set needs a value, e.g. --set polling.interval=250ms',
  ],
  ['run --rtt', 'Not enough arguments following: rtt', '--rtt needs a value: see "pushbench run --help"'],
  ['ab', 'Missing required arguments: base, head', '"ab" needs --base and --head: see "pushbench ab --help"'],
  ['trend', 'Missing required argument: base', '"trend" needs --base: see "pushbench trend --help"'],
]

for (const [words, yargs, sentence] of said) {
  test(`pushbench ${words}`, () => assert.equal(explainUsage(yargs, words.split(' ')), sentence))
}
