/** What a configuration file holds: the options of a run, the thresholds that its result must meet, and the levels of the gate. */
import { z } from 'zod'
import { gateNames, levels } from '../compare/gated-metrics.ts'
import { optionNames, runOptionsSchema } from './options.ts'

/** The object that `pushbench.config.{ts,js,json}` is or exports as its default. */
export const configurationSchema = runOptionsSchema.extend({
  thresholds: z.array(z.string()).optional().meta({
    help: "conditions that must hold, e.g. 'latency.p99{technique:sse} < 250ms'; with abort at its end, measuring stops after the first run that breaks it",
    unset: 'none',
  }),
  metrics: z.partialRecord(z.enum(gateNames), z.enum(levels)).optional().meta({
    help: 'what a regression of each metric does to ab and compare: error fails, warn is shown, off is not compared',
    unset: 'error, but warn for ingress.perDelivery, and off for bytes.perDelivery',
  }),
  $schema: z
    .string()
    .optional()
    .meta({ help: 'where an editor finds the schema of this file', unset: 'none' }),
})

/** A configuration as its author writes it. */
export type Configuration = z.input<typeof configurationSchema>

/** Names of everything that a configuration can hold. */
export const configurationNames: readonly string[] = [...optionNames, 'thresholds', 'metrics']

/**
 * The published JSON Schema (draft 2020-12) of a configuration. It says what an editor can check of texts such as
 * `2/s`; the rest is checked when the file is read.
 */
export const configurationJsonSchema = (): object =>
  z.toJSONSchema(configurationSchema.describe('configuration of pushbench'), {
    target: 'draft-2020-12',
    io: 'input',
    override: ({ jsonSchema }) => {
      const { help, unset } = jsonSchema
      if (typeof help !== 'string') return
      // A default is stored in the stored unit; the schema shows it as users write it.
      for (const key of ['alias', 'help', 'unset', 'default']) delete jsonSchema[key]
      jsonSchema.description = unset === '' ? help : `${help}; unless given: ${unset}`
    },
  })
