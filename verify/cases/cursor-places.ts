/** Where a request carries a cursor. */
import type { SentRequest } from '../http-tap.ts'

/** Makes the request with another text in place of the cursor. */
type Replace = (value: string) => SentRequest

/** Ways to replace the cursor `seq` in a request: one for each parameter, header field or part of the body that is it. */
export function cursorPlaces(request: SentRequest, seq: number): Replace[] {
  return [...inQuery(request, seq), ...inFields(request, seq), ...inBody(request, seq)]
}

function inQuery(request: SentRequest, seq: number): Replace[] {
  const [path = '', query = ''] = request.target.split('?', 2)
  const parameters = query.split('&')
  return parameters.flatMap((parameter, place) => {
    const [name = '', value] = parameter.split('=', 2)
    if (value !== String(seq)) return []
    return (text: string) => {
      const replaced = parameters.with(place, `${name}=${text}`).join('&')
      return { ...request, target: `${path}?${replaced}` }
    }
  })
}

function inFields(request: SentRequest, seq: number): Replace[] {
  return request.fields.flatMap(([name, value], place) => {
    if (value !== String(seq) || name.toLowerCase() === 'content-length') return []
    return (text: string) => ({ ...request, fields: request.fields.with(place, [name, text]) })
  })
}

/** A body is form fields or JSON; either way the cursor stands between characters of other kinds. */
function inBody(request: SentRequest, seq: number): Replace[] {
  return [...request.body.matchAll(new RegExp(`(?<![\\w.-])${seq}(?![\\w.-])`, 'g'))].map(
    ({ index }) =>
      (text: string) => ({
        ...request,
        body: request.body.slice(0, index) + text + request.body.slice(index + String(seq).length),
      }),
  )
}
