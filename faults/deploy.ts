/** `deploy`: the server is replaced gracefully, as by a release: a successor takes over the port. */
import { faultOf } from '../model/fault.ts'
import { duration } from '../model/settings.ts'

export const deploy = faultOf({
  summary:
    'the server accepts no new connection and asks its clients, one after the other, to reconnect; a second process takes over the port',
  reference:
    'close code 1012 of the IANA registry for RFC 6455; RFC 9110 section 10.2.3, Retry-After; WHATWG HTML 9.2, retry:',
  settings: {
    over: duration('2s', 'over how long the closings are spread'),
    retry: duration(
      '0',
      'how long the server asks clients to wait before they come back; 0 asks for nothing',
    ),
  },
  storms: 'connections',
  actsOn: 'server',
  model: ({ over, retry }) => ({ noticeWithin: over, asked: retry === 0 ? null : retry }),
  sharesPort: true,
  lasts: ({ over }) => over,
  inject: (actions, { over, retry }) => actions.replace(over, retry),
})
