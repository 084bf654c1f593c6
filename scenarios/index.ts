/** The registry of scenarios: plain data that flags change. */
import type { Scenario } from '../measure/workload.ts'
import { personal } from './personal.ts'
import { rooms } from './rooms.ts'
import { steady } from './steady.ts'

export const scenarios = { steady, personal, rooms } satisfies Record<string, Scenario>

/** The name of a scenario, as flags and results carry it. */
export type ScenarioName = keyof typeof scenarios
