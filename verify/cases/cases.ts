/** The conformance cases: what every technique must do, as data. */
import type { Case } from '../case.ts'
import { deliveryCases } from './delivery-cases.ts'
import { drainCases } from './drain-cases.ts'
import { recoveryCases } from './recovery-cases.ts'
import { renewalCases } from './renewal-cases.ts'
import { requestCases } from './request-cases.ts'
import { resumeCases } from './resume-cases.ts'
import { silenceCases } from './silence-cases.ts'
import { slowReaderCases } from './slow-reader-cases.ts'
import { stubServerCases } from './stub-server-cases.ts'

/** Every case, in the order in which they run. */
export const cases: readonly Case[] = [
  ...deliveryCases,
  ...recoveryCases,
  ...resumeCases,
  ...renewalCases,
  ...drainCases,
  ...slowReaderCases,
  ...silenceCases,
  ...stubServerCases,
  ...requestCases,
]
