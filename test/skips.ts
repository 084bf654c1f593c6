/**
 * A reporter of skipped tests: prints each with its reason at the end of a run, where the default reporter prints
 * failures only. With `MOST_SKIPPED` (a share, 0 to 1) in the environment, a run of the live tests fails when it skipped
 * a larger share of the properties.
 */
import type { TestEvent } from 'node:test/reporters'
import { unless } from './live.ts'

/** Takes the events of a run and yields the text that is printed behind it. */
export default async function* skips(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const skipped: string[] = []
  let properties = 0
  for await (const { type, data } of events) {
    if (type !== 'test:pass' && type !== 'test:fail') continue
    if (data.details.type !== 'suite' && !data.name.includes(unless)) properties++
    if (data.skip !== undefined) skipped.push(`  ${data.name}: ${data.skip}\n`)
  }
  if (skipped.length > 0) yield `\nskipped:\n${skipped.join('')}`
  const most = process.env['MOST_SKIPPED']
  if (most === undefined || skipped.length <= Number(most) * properties) return
  yield `${skipped.length} of ${properties} properties were skipped: the machine is too busy to judge\n`
  process.exitCode = 1
}
