/** One event in ten never reaches anybody. */
import { handicapped } from './handicapped.ts'

export default handicapped(publish => (stream, event) => {
  if (event.seq % 10 !== 0) publish(stream, event)
})
