/** What the script techniques of a page receive: calls of a function with JSON in it. */
import type { Question } from './asking.ts'

export { callbackSetting } from '../../model/shared-settings.ts'

/** Asks for a script that calls `callback` with the array of events. */
export function scriptQuestion(callback: string): Question {
  const open = `/**/${callback}(`
  return {
    initiator: 'script',
    more: `&callback=${encodeURIComponent(callback)}`,
    read(body) {
      if (!body.startsWith(open) || !body.endsWith(');'))
        throw new SyntaxError(`the answer does not call ${callback}`)
      return JSON.parse(body.slice(open.length, -2))
    },
  }
}
