// What a stream that cannot be written to does to the command. Without this, a reader that closes its pipe, as `head`
// does, ends a measurement with the stack of an exception.

/** What the system says, in words. */
const reasons = { ENOSPC: 'there is no space left' }

/**
 * Goes on without a reader: what is measured is written into files, and the exit code stays. Output that is lost for
 * another reason, such as a full disk, is reported in one sentence, and the exit code is 1 where it would be 0.
 */
export function surviveOutputErrors() {
  let isReported = false
  // Progress and sentences that cannot be written have no other place to go.
  process.stderr.on('error', () => {})
  process.stdout.on('error', ({ code, message }) => {
    if (code === 'EPIPE' || isReported) return
    isReported = true
    process.stderr.write(`pushbench: cannot write to stdout: ${reasons[code] ?? message}\n`)
    process.on('exit', exitCode => {
      if (exitCode === 0) process.exitCode = 1
    })
  })
}
