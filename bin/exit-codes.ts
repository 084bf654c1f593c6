/** What the exit code of the CLI says. */
export const exitCodes = {
  fine: 0,
  /** A defect of pushbench itself. */
  internal: 1,
  /** Wrong usage or configuration, found before anything started. */
  usage: 2,
  /** A comparison found a regression. */
  regressed: 3,
  /** A run is invalid: generator saturated, events lost, a technique that failed to boot. */
  invalid: 4,
  /** A comparison under `--strict` could not decide on everything. */
  inconclusive: 5,
  /** A threshold was not met. */
  threshold: 99,
  /** 128 + the number of the signal. */
  SIGINT: 130,
  SIGTERM: 143,
} as const

/** One of the exit codes. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]
