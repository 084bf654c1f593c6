/**
 * The registry of scenarios: workloads with a name, each a file of plain data that flags change. Imports `model`
 * alone; `plan` turns a scenario into runs.
 */
import type { Scenario } from '../model/workload.ts'
import { cdSalesPage } from './cd-sales-page.ts'
import { darkenPage } from './darken-page.ts'
import { eventDrivenAjax } from './event-driven-ajax.ts'
import { eventDrivenAjaxTwoPages } from './event-driven-ajax-two-pages.ts'
import { livepage } from './livepage.ts'
import { nullFlag } from './null-flag.ts'
import { personal } from './personal.ts'
import { reverseAjaxDemo } from './reverse-ajax-demo.ts'
import { rooms } from './rooms.ts'
import { serviceStreaming } from './service-streaming.ts'
import { steady } from './steady.ts'
import { storm } from './storm.ts'

export const scenarios = {
  steady,
  personal,
  rooms,
  storm,
  livepage,
  'event-driven-ajax': eventDrivenAjax,
  'event-driven-ajax-two-pages': eventDrivenAjaxTwoPages,
  'null-flag': nullFlag,
  'reverse-ajax-demo': reverseAjaxDemo,
  'service-streaming': serviceStreaming,
  'cd-sales-page': cdSalesPage,
  'darken-page': darkenPage,
} satisfies Record<string, Scenario>

/** The name of a scenario, as flags and results carry it. */
export type ScenarioName = keyof typeof scenarios
