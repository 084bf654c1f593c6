/** The table of warnings in docs/method.md, from the closed list. */
import { warningMeanings } from '../../measure/derive/warning-meanings.ts'
import { warningKinds } from '../../measure/derive/warnings.ts'
import { warningCodes } from '../../results/result.ts'
import { code, tableOf } from './markdown.ts'

/** Every warning: its code, what it says, how much it could change a decision, and the advice that it carries. */
export const warningsTable = (): string =>
  tableOf(
    ['code', 'what it says', 'rank', 'advice'],
    warningCodes.map(name => {
      const { advice, rank } = warningKinds.find(kind => kind.code === name) ?? missing(name)
      return [code(name), warningMeanings[name], rank, advice]
    }),
  )

function missing(name: string): never {
  throw new Error(`no rule gives the warning ${name}`)
}
