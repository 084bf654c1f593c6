/** Converts the loss that a page script reports into the kinds of loss that the pipeline counts. */
import type { Loss, LossCause } from '../model/loss.ts'

const causes: readonly LossCause[] = ['refused', 'reset', 'timeout', 'protocol', 'status', 'closed']

/** @param reason a cause by name, or the error that the page met; a page cannot see why a request failed */
export function pageLoss(reason: unknown): Loss {
  if (typeof reason === 'string')
    return {
      cause: causes.find(cause => cause === reason) ?? 'reset',
      detail: `the page reports "${reason}"`,
    }
  // Errors of a jsdom window are of its own realm, so their class is not ours.
  const { name, message } = (reason ?? {}) as { name?: unknown; message?: unknown }
  return { cause: name === 'SyntaxError' ? 'protocol' : 'reset', detail: `${name}: ${message}` }
}
