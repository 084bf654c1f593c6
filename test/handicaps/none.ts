/** What the handicaps are compared with. */
import { handicapped } from './handicapped.ts'

export default handicapped(publish => publish)
