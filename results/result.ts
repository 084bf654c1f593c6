/**
 * `results.json`, schema 1: the one thing that joins measuring and reporting. The zod schema below,
 * whose parts are in `schema/`, is the single source of the TypeScript types, of the check when a file is read, and
 * of the published JSON Schema. Other folders import types and schema from here.
 *
 * This folder holds the schema, the metrics and thresholds over it, and the one arrangement for reading (`reading.ts`).
 * It imports `model` and `statistics`; every folder that writes or reads a result imports it.
 *
 * Rules of the format: units stand in the names; a number that was not measured is `null`, never 0; a
 * histogram is the base64 text of a compressed HDR histogram (V2 encoding) whose recorded unit is microseconds.
 */
import { z } from 'zod'
import { type Measurement, measurement } from './schema/measurement.ts'
import { amount, count } from './schema/parts.ts'
import { thresholdOutcome } from './schema/threshold.ts'

export type { KindFigures, RequestParts } from './schema/kind.ts'
export type { Ceiling, Load, RelayFigures } from './schema/load.ts'
export type { Measurement, Predicted, TimelinePoint } from './schema/measurement.ts'
export type { Summary } from './schema/parts.ts'
export type { Storm, StormBackTimes, StormPulse, StormTimes } from './schema/storm.ts'
export type { ThresholdFailure, ThresholdOutcome } from './schema/threshold.ts'
export { type Warning, type WarningCode, warningCodes } from './schema/warning.ts'
export type { StoredLink, Workload } from './schema/workload.ts'

/** The version written into `schemaVersion`. A reader refuses any other. */
export const schemaVersion = 1

/** The machine and the software that measured. */
const environment = z.object({
  node: z.string(),
  cpu: z.string(),
  cores: count,
  memoryBytes: amount,
  kernel: z.string(),
  fdLimit: count.nullable(),
  portRange: z.string().nullable().describe('net.ipv4.ip_local_port_range'),
  congestionControl: z.string().nullable().describe('net.ipv4.tcp_congestion_control'),
  loadAverage: z.number().nullable().describe('1-minute load average when the measuring began'),
  gitCommit: z.string().nullable(),
  packages: z.record(z.string(), z.string()).describe('versions of the libraries on the measured path'),
})

/** A run that was asked for. */
const plannedRun = z.object({
  technique: z.string(),
  subject: z.string().optional().describe('the server in place of the built-in one'),
  scenario: z.string(),
  run: z.int().min(1).describe('repetition, counted from 1'),
  fault: z.string().nullable().describe('as `--fault` reads it'),
  backoff: z.string().describe('the reconnect policy of the clients, as `--backoff` reads it'),
})

/** The whole file. */
export const resultSchema = z
  .object({
    schemaVersion: z.literal(schemaVersion),
    tool: z.object({ name: z.literal('pushbench'), version: z.string() }),
    startedAt: z.iso.datetime(),
    finishedAt: z.iso.datetime(),
    aborted: z.boolean().describe('true when a signal or an `abort` threshold ended the measuring early'),
    environment,
    command: z.object({ argv: z.array(z.string()), seed: z.int() }),
    measurements: z.array(measurement),
    notMeasured: z
      .array(plannedRun)
      .optional()
      .describe(
        'runs that were asked for and have no measurement, because the measuring ended early; absent where there are none, and in older results',
      ),
    thresholds: z
      .array(thresholdOutcome)
      .optional()
      .describe('the conditions that the result had to meet; absent where there were none'),
  })
  .describe('pushbench results, schema 1')

export type Result = z.infer<typeof resultSchema>
export type PlannedRun = z.infer<typeof plannedRun>

/** What a measurement is of, in words: a built-in technique, or a technique of which server. */
export const subjectName = ({ technique, subject }: Pick<Measurement, 'technique' | 'subject'>): string =>
  subject === undefined ? technique : `${technique} · ${subject.name}`

/** The published JSON Schema (draft 2020-12) of `results.json`. */
export const resultJsonSchema = (): object =>
  z.toJSONSchema(resultSchema, { target: 'draft-2020-12', io: 'input' })

/** A result that cannot be read: `message` is one sentence for the user. */
export class ResultError extends Error {}

/** A result of a schema version that this version of pushbench does not read. */
export class OtherSchemaError extends ResultError {}

/**
 * Reads the text of a `results.json`.
 * @param name what to call the file in an error
 * @throws {ResultError} when the text is cut off, is not JSON, is from another tool or another schema version
 */
export function parseResult(text: string, name: string): Result {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new ResultError(
      text.trim() === ''
        ? `${name} is empty: give the results.json that a run wrote`
        : `${name} is not complete JSON (${text.length} characters): the file was cut off or is not a results.json`,
    )
  }
  const head = value as { schemaVersion?: unknown; tool?: { name?: unknown } } | null
  if (typeof head !== 'object' || head === null || head.tool?.name !== 'pushbench') {
    throw new ResultError(`${name} was not written by pushbench: "tool.name" is missing or another`)
  }
  if (head.schemaVersion !== schemaVersion) {
    throw new OtherSchemaError(
      `${name} has schemaVersion ${JSON.stringify(head.schemaVersion)}; this version of pushbench reads ${schemaVersion}`,
    )
  }
  const parsed = resultSchema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new ResultError(
    `${name} breaks schema ${schemaVersion} at "${issue?.path.join('.')}": ${issue?.message}`,
  )
}
