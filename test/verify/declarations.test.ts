/** What the suite reads out of the declarations of a pair. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { zero } from '../../model/settings.ts'
import { type Micros, seconds } from '../../model/units.ts'
import { shownSilence } from '../../verify/declarations.ts'
import type { VerifiedPair } from '../../verify/suite.ts'
import { sound } from './flaws.ts'

/** The sound pair, whose server declares these. */
const declaring = (heartbeat: Micros, hold: Micros | null): VerifiedPair => ({
  ...sound,
  server: { ...sound.server, heartbeat: () => heartbeat, hold: () => hold },
})

describe('the longest silence of a server', () => {
  for (const [name, heartbeat, hold, expected] of [
    ['a heartbeat within a lifetime', seconds(15), seconds(30), seconds(15)],
    ['a lifetime before the first heartbeat', seconds(15), seconds(5), seconds(5)],
    ['a hold without heartbeats', zero, seconds(30), seconds(30)],
    ['heartbeats where no closed form covers the hold', seconds(15), null, seconds(15)],
    ['neither', zero, zero, zero],
  ] as const)
    test(`with ${name}`, () => assert.equal(shownSilence(declaring(heartbeat, hold)), expected))
})
