/** A herd of long polls: clients that an event answers ask again, and the next event meets some of them too early. */
import assert from 'node:assert/strict'
import { pairWith, type ServerFault } from '../faulty.ts'
import { live } from '../live.ts'
import { assertWhole, storm } from './storm.ts'

const [technique, clients] = ['long-polling', 300] as const

live<ServerFault>(
  `of ${clients} long polls, some have not asked again half a gap after an event, and all do ask`,
  {
    async property(fault) {
      const { measurement, storm: seen } = await storm(
        { technique, clients, fault: 'herd' },
        pairWith(technique, fault),
      )
      assertWhole(measurement)
      const pulses = seen.pulses ?? []
      const half = pulses.find(({ gapShare }) => gapShare !== null)
      assert.ok((half?.waited ?? 0) > 0, `${half?.waited} had not asked again`)
      // Every answer is followed by a request. An answer that carries both events of a pair is one answer; a request that
      // follows only after the next event is counted with that.
      const rearmed = pulses.reduce((sum, pulse) => sum + pulse.rearmed, 0)
      const { total } = measurement.responses
      assert.ok(rearmed <= total && rearmed >= 0.95 * total, `${rearmed} asked again after ${total} answers`)
    },
    planted: {
      fault: { lateMs: 300, lateEvery: 2 },
      is: 'a server that is 300 ms late with the second event of each pair',
      shows: /had not asked again/,
    },
  },
)
