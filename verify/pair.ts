/** What is verified. */
import type { Pair } from '../model/subject.ts'

/** The server and client adapters to verify, with the name of their technique. A `Pair` is one. */
export type VerifiedPair = Pick<Pair, 'technique' | 'server' | 'client'>
