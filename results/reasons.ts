/** Why runs failed, each reason once, although no two runs fail at the same instant or with the same counts. */

/** The most reasons that are told apart; ten runs of one series can fail in ten ways. */
const mostTold = 3

/** A message without what differs from run to run: its numbers, and when it happened. */
const kindOf = (message: string): string =>
  message
    .replace(/, (?:in the warm-up|[\d.]+ s into the measured window)(?=;|$)/, '')
    .replace(/\d+(?:\.\d+)?/g, '0')

/**
 * The messages in a few sentences: of those that differ in numbers or in time alone, the first with how many there are.
 * @param messages one or more of each run that failed
 */
export function distinctReasons(messages: readonly string[]): string[] {
  const kinds = [...Map.groupBy(messages, kindOf).values()]
  const told = kinds.slice(0, mostTold).flatMap(([first, ...same]) => {
    if (first === undefined) return []
    return kinds.length === 1 || same.length === 0 ? first : `${first} (${same.length + 1} times)`
  })
  const left = kinds.length - mostTold
  return left > 0 ? [...told, `and ${left} more reason${left === 1 ? '' : 's'}`] : told
}
