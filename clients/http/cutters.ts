/** Parsers for the wire formats of the stream techniques. Each keeps an incomplete text until the rest has arrived. */
import type { Cutter } from './stream.ts'

/** A text on every line that is not blank; blank lines are filler and heartbeats. */
export function lineCutter(onText: (text: string) => void, onOpen: () => void): Cutter {
  onOpen()
  let rest = ''
  return {
    feed(piece) {
      const lines = (rest + piece).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) if (line.trim() !== '') onText(line)
    },
  }
}

const opening = '<script>var push='
const blockOpen = '<script>push('
const blockClose = ')</script>'

/**
 * A text in every script block that calls `push`: complete, as for a browser, when its end tag has come. A page
 * whose first block does not define `push` comes from another server.
 */
export function scriptCutter(onText: (text: string) => void, onOpen: () => void): Cutter {
  let rest = ''
  let opened = false
  return {
    end() {
      if (!opened) throw new SyntaxError('the page has no stream of script blocks')
    },
    feed(piece) {
      rest += piece
      if (!opened) {
        const at = rest.indexOf(opening)
        if (at < 0) return
        opened = true
        onOpen()
        rest = rest.slice(at + opening.length)
      }
      for (;;) {
        const open = rest.indexOf(blockOpen)
        // An open tag may be cut in two, so its length less one is kept. Twelve characters are copied by V8; thirteen
        // would be a view that keeps the whole piece, a page of 30 KiB for each client, in memory.
        if (open < 0) {
          rest = rest.slice(1 - blockOpen.length)
          return
        }
        const close = rest.indexOf(blockClose, open)
        if (close < 0) {
          rest = rest.slice(open)
          return
        }
        onText(rest.slice(open + blockOpen.length, close))
        rest = rest.slice(close + blockClose.length)
      }
    },
  }
}

/**
 * The body of every part of a multipart stream (RFC 2046 section 5.1): complete when the next boundary has come.
 * @param contentType of the response, which names the boundary
 */
export function partCutter(onBody: (body: string) => void, onOpen: () => void, contentType: string): Cutter {
  const boundary = /boundary="?([^";]+)"?/.exec(contentType)?.[1]
  if (boundary === undefined) throw new SyntaxError(`"${contentType}" names no boundary`)
  const delimiter = `\r\n--${boundary}`
  // The first boundary may stand at the very start, without the line end that divides the others from a body.
  let rest = '\r\n'
  let searchFrom = 0
  let inParts = false
  return {
    end() {
      if (!inParts) throw new SyntaxError(`no boundary "${boundary}" in the answer`)
    },
    feed(piece) {
      rest += piece
      for (;;) {
        const end = rest.indexOf(delimiter, searchFrom)
        if (end < 0) {
          // A large part comes in many pieces: what was searched is not searched again.
          searchFrom = Math.max(0, rest.length - delimiter.length + 1)
          return
        }
        const body = inParts ? bodyOf(rest.slice(0, end)) : null
        if (!inParts) onOpen()
        inParts = true
        rest = rest.slice(end + delimiter.length)
        searchFrom = 0
        if (body !== null && body !== '') onBody(body)
      }
    },
  }
}

/** The body of a part, behind its head and the blank line. */
function bodyOf(part: string): string | null {
  const blank = part.indexOf('\r\n\r\n')
  return blank < 0 ? null : part.slice(blank + 4)
}
