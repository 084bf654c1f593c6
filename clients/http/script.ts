/** What the script techniques of a page receive: calls of a function with JSON in it. */
import { text } from '../../model/settings.ts'
import type { Question } from './http.ts'

/** The setting that names the page's callback; the server declares the same. */
export const callbackSetting = text(
  'pushbench',
  /^(?=.{1,64}$)[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*$/,
  'a JavaScript identifier',
  'the function of the page that is called with the events',
)

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
