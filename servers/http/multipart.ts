/**
 * Parts of a multipart body (RFC 2046 section 5.1). A reader knows that a part is complete only when the next
 * boundary has arrived, so each part is written with the boundary behind it.
 */
import { text } from '../../model/settings.ts'

/** The characters that RFC 2046 allows, less those that a header would have to escape; at most 70. */
export const boundarySetting = text(
  'pushbench-part',
  /^[\w'()+,./:=?-]{1,70}$/,
  'a boundary of 1 to 70 characters',
  'the separator of the parts; event texts have no line ends, so it cannot begin a line within one',
)

/** The boundary ahead of the first part. */
export const startOfParts = (boundary: string): string => `--${boundary}`

/** Behind a boundary: there are no more parts (section 5.1.1). */
export const endOfParts = '--\r\n'

/** A part, and the boundary that ends it. */
export const part = (boundary: string, contentType: string, body: string): string =>
  `\r\nContent-Type: ${contentType}\r\n\r\n${body}\r\n--${boundary}`
