/** The combinations of command, Node.js, signal and receiver that signals.test.ts leaves out to save time. */
import { describe } from 'node:test'
import { furtherEndings, testEnding } from './ending.ts'

describe('a signal ends the command in order', { concurrency: 2, timeout: 300_000 }, () => {
  furtherEndings.forEach(testEnding)
})
