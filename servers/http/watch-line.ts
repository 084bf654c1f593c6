/** Lines of a shell by which a person watches a server that is asked again and again. */
import { eventsElement } from '../../model/event.ts'

/** How a line asks. */
interface Asking {
  /** Seconds between an answer and the next request; 0 by default. */
  readonly pauseSeconds?: number
  /** Words for curl, besides the address. */
  readonly words?: string
  /** True where the events are in an element of a page: the rest of it is not shown. */
  readonly inPage?: boolean
}

/** The number of the last event of an answer. */
const lastSeq = String.raw`sed -n 's/.*\[\([0-9]*\),[0-9]*,[0-9]*,.*/\1/p'`

/** A loop that shows each event once: it asks for what came after the last, and ends with the server. */
export function askingLine(url: URL, { pauseSeconds = 0, words = '', inPage = false }: Asking = {}): string {
  const curl = ['curl -sf', words, `'${url}?since='$since`].filter(part => part !== '').join(' ')
  const events = inPage ? `${curl} | grep -o '${eventsElement.open}.*'` : curl
  const pause = pauseSeconds === 0 ? '' : `sleep ${pauseSeconds}; `
  return `since=0; while events=$(${events}); do echo "$events"; last=$(echo "$events" | ${lastSeq}); since=\${last:-$since}; ${pause}done`
}
