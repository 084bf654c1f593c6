/** `multipart-xhr`: reads the parts of an endless multipart response off an XMLHttpRequest; one event a part. */
window.subscribe = (url, cursor, sink) => {
  let request

  function open() {
    let read = 0
    let empty = true
    let boundary
    request = new XMLHttpRequest()
    request.open('GET', `${url}&since=${cursor}`)
    request.onerror = () => sink.lost('reset')
    request.onload = () => {
      sink.response(empty)
      open()
    }
    request.onreadystatechange = () => {
      if (request.readyState === 2) {
        const type = request.getResponseHeader('Content-Type') ?? ''
        boundary = /^multipart\/x-mixed-replace\s*;.*boundary="?([^";]+)/i.exec(type)?.[1]
        if (request.status !== 200) sink.lost('status')
        else if (boundary === undefined) sink.lost('protocol')
        else sink.open()
      }
      if (request.readyState !== 3) return
      // A part is complete when the next boundary has come; what is not is read again, with what follows.
      const text = request.responseText.slice(read)
      const parts = text.split(`\r\n--${boundary}`)
      read += text.length - parts.pop().length
      for (const part of parts) {
        const body = part.split('\r\n\r\n')[1]
        if (!body) continue
        empty = false
        cursor = sink.event(body)
      }
    }
    request.send()
  }

  open()
  return () => request.abort()
}
