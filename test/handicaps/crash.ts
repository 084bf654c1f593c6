/** Writes a line, and then throws at its seventh event. */
import { handicapped } from './handicapped.ts'

let events = 0

export default handicapped(publish => (stream, event) => {
  events++
  if (events === 6) console.log(`::error::the token is ${process.env['TEST_TOKEN']}`)
  if (events === 7) throw new TypeError('no such room')
  publish(stream, event)
})
