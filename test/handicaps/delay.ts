/** Every delivery is 5 ms late. */
import { handicapped } from './handicapped.ts'

export default handicapped(publish => (stream, event) => {
  setTimeout(publish, 5, stream, event)
})
