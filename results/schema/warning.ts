/** What a run says about its own numbers. */
import { z } from 'zod'

/** The closed list of things that a run says about its own numbers. */
export const warningCodes = [
  'aborted',
  'boot-failed',
  'connect-failed',
  'server-died',
  'shard-died',
  'relay-died',
  'ceiling-failed',
  'unpublished-events',
  'lost-events',
  'held-back-events',
  'duplicated-events',
  'out-of-order-events',
  'page-clients-lost',
  'page-clients-deviate',
  'shared-sessions',
  'log-overrun',
  'never-back',
  'fault-unnoticed',
  'fault-missed',
  'attempts-paced-by-machine',
  'connection-errors',
  'foreign-target',
  'no-samples',
  'busy-machine',
  'generator-saturated',
  'generator-delay',
  'server-saturated',
  'late-readings',
  'relay-saturated',
  'publisher-lag',
  'few-samples',
  'few-draws',
  'short-window',
  'single-run',
  'phase-lock',
  'shared-cores',
  'memory-noise',
] as const

/** A sentence about the numbers themselves, with advice. */
export const warning = z.object({
  code: z.enum(warningCodes),
  message: z.string().describe('what was seen, with its numbers'),
  advice: z.string().describe('what it means for the reader and what to do about it'),
})

export type Warning = z.infer<typeof warning>
export type WarningCode = (typeof warningCodes)[number]
