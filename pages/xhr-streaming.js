/** `xhr-streaming`: reads a response that does not end off an XMLHttpRequest at readyState 3; one event a line. */
window.subscribe = (url, cursor, sink) => {
  let request

  function open() {
    let read = 0
    let empty = true
    request = new XMLHttpRequest()
    request.open('GET', `${url}&since=${cursor}`)
    request.onerror = () => sink.lost('reset')
    request.onload = () => {
      sink.response(empty)
      open()
    }
    // By the standard this is called at most every 50 ms, as is `onprogress`: bytes that arrive sooner wait.
    request.onreadystatechange = () => {
      if (request.readyState === 2) {
        if (request.status !== 200) sink.lost('status')
        else if (!request.getResponseHeader('Content-Type').startsWith('text/plain')) sink.lost('protocol')
        else sink.open()
      }
      if (request.readyState !== 3) return
      const end = request.responseText.lastIndexOf('\n') + 1
      const lines = request.responseText.slice(read, end).split('\n')
      read = end
      for (const line of lines) {
        if (line.trim() === '') continue
        empty = false
        cursor = sink.event(line)
      }
    }
    request.send()
  }

  open()
  return () => request.abort()
}
