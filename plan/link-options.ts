/** The options of the link between clients and server. Without any of them there is no relay. */
import { orNone, parseBuffer } from '../model/link.ts'
import { parseBandwidth, parseDuration, parseSize } from '../model/quantity.ts'
import { micros } from '../model/units.ts'
import { positive, quantity, shown } from './option-values.ts'

/** What the relay does to the bytes, one option for each. */
export const linkOptions = {
  rtt: quantity(parseDuration)
    .optional()
    .meta(shown('round-trip time that a relay between clients and server adds, half each way', 'no relay')),
  jitter: quantity(parseDuration)
    .optional()
    .meta(shown('longest random delay that the relay adds each way; bytes stay in order', '0')),
  bandwidth: quantity(orNone(parseBandwidth))
    .optional()
    .meta(shown('limit of each connection and direction, e.g. 10Mbit or 64kbit', 'none')),
  buffer: quantity(orNone(parseBuffer))
    .optional()
    .meta(
      shown(
        'bytes of a response that the relay collects before it forwards any, as a buffering proxy does, or until-end',
        'none',
      ),
    ),
  rechunk: quantity(orNone(positive(parseSize, 'size')))
    .optional()
    .meta(shown('largest chunk into which the relay cuts responses', 'none')),
  idleCut: quantity(orNone(positive(parseDuration, 'duration')))
    .transform(value => (value === null ? null : micros(value)))
    .optional()
    .meta(shown('the relay closes a connection that carried nothing for this long', 'none')),
}
