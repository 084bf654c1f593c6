/** What each exit code of the CLI means. */
export const exitCodes = {
  fine: 0,
  internal: 1,
  usage: 2,
  regressed: 3,
  invalid: 4,
  inconclusive: 5,
  threshold: 99,
  /** 128 + the number of the signal. */
  SIGHUP: 129,
  SIGINT: 130,
  SIGTERM: 143,
} as const

/** The meaning of each exit code, in words. */
export const exitCodeMeanings: Readonly<Record<keyof typeof exitCodes, string>> = {
  fine: 'fine',
  internal: 'output could not be written, or an internal error, a defect of pushbench itself',
  usage: 'wrong usage or configuration, found before anything started',
  regressed: 'a comparison found a regression',
  invalid: 'a run is invalid (see its failures), or a conformance case failed',
  inconclusive: 'a comparison with --strict is inconclusive',
  threshold: 'a threshold is not met',
  SIGHUP: 'SIGHUP, a terminal that closed; what was measured is written and marked as aborted',
  SIGINT: 'Ctrl-C; what was measured is written and marked as aborted',
  SIGTERM: 'SIGTERM; what was measured is written and marked as aborted',
}

/** One of the exit codes. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]
