/**
 * `server-push`: each part of an endless multipart response replaces the page that is shown. No browser of today
 * shows such a response by itself, so this script reads the parts and puts each into a frame.
 */
window.subscribe = (url, cursor, sink) => {
  const stop = new AbortController()
  const frame = document.createElement('iframe')

  function show(html) {
    const page = frame.contentDocument
    page.open()
    page.write(html)
    page.close()
    return JSON.parse(page.getElementById('events').textContent)
  }

  async function open() {
    try {
      const response = await fetch(`${url}&since=${cursor}`, { signal: stop.signal })
      if (!response.ok) return sink.lost('status')
      const type = response.headers.get('Content-Type') ?? ''
      const boundary = /^multipart\/x-mixed-replace\s*;.*boundary="?([^";]+)/i.exec(type)?.[1]
      if (boundary === undefined) return sink.lost('protocol')
      let rest = '\r\n'
      let empty = true
      for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
        // A part is complete when the next boundary has come.
        const parts = (rest + piece).split(`\r\n--${boundary}`)
        rest = parts.pop()
        for (const part of parts) {
          const head = part.indexOf('\r\n\r\n')
          const events = head < 0 ? [] : show(part.slice(head + 4))
          sink.open()
          for (const event of events) cursor = sink.event(event)
          if (events.length > 0) empty = false
        }
      }
      sink.response(empty)
      open()
    } catch (error) {
      sink.lost(error)
    }
  }

  document.body.append(frame)
  open()
  return () => {
    stop.abort()
    frame.remove()
  }
}
