/** The link between clients and server in words: what was asked of it. */
import type { StoredLink } from '../results/result.ts'
import { listed, showPlain } from './display.ts'

/** What was asked of the link, phrase by phrase; of a plain one, nothing. */
function asked(link: StoredLink): string[] {
  const { rttMicros, jitterMicros, bandwidthBitsPerSecond, bufferBytes, rechunkBytes, idleCutMicros } = link
  return [
    ...(rttMicros > 0 ? [`${showPlain(rttMicros, 'µs')} round trip`] : []),
    ...(jitterMicros > 0 ? [`up to ${showPlain(jitterMicros, 'µs')} jitter each way`] : []),
    ...(bandwidthBitsPerSecond === null ? [] : [showPlain(bandwidthBitsPerSecond, 'bit/s')]),
    ...(bufferBytes === null ? [] : [bufferWords(bufferBytes)]),
    ...(rechunkBytes === null ? [] : [`chunks of at most ${showPlain(rechunkBytes, 'bytes')}`]),
    ...(idleCutMicros === null ? [] : [`idle connections cut after ${showPlain(idleCutMicros, 'µs')}`]),
  ]
}

const bufferWords = (bytes: NonNullable<StoredLink['bufferBytes']>): string =>
  bytes === 'until-end'
    ? 'a buffer until the end of each response'
    : `a buffer of ${showPlain(bytes, 'bytes')}`

/** `through a link with 50 ms round trip and 10 Mbit/s`. */
export function linkPhrase(link: StoredLink): string {
  const phrases = asked(link)
  return phrases.length === 0
    ? 'through a relay that changes nothing'
    : `through a link with ${listed(phrases)}`
}
