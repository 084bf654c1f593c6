/** Clients share rooms, as chats and games do. */
import type { Scenario } from '../model/workload.ts'
import { steady } from './steady.ts'

export const rooms: Scenario = {
  summary: '1,000 clients in 100 rooms, an event a second in each room',
  workload: { ...steady.workload, audience: { kind: 'rooms', rooms: 100 }, ratePerSecond: 1 },
}
