/**
 * {@link eventDrivenAjax} with two pages open in every session: they drain the same queue and take updates from each
 * other. The result shows what page 1 and page 2 missed.
 */
import type { Scenario } from '../model/workload.ts'
import { eventDrivenAjax } from './event-driven-ajax.ts'

export const eventDrivenAjaxTwoPages: Scenario = {
  ...eventDrivenAjax,
  summary: 'event-driven-ajax with two pages in each of 100 sessions, which take updates from each other',
  workload: { ...eventDrivenAjax.workload, pagesPerSession: 2, ratePerSecond: 2 },
}
