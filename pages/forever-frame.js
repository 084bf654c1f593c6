/** `forever-frame`: a hidden frame loads a page that never ends; each of its script blocks calls this one. */
window.subscribe = (url, cursor, sink, { callback }) => {
  const frame = document.createElement('iframe')
  let opened
  let empty

  window[callback] = event => {
    empty = false
    cursor = sink.event(event)
  }

  function open() {
    opened = false
    empty = true
    frame.src = `${url}&since=${cursor}&callback=${callback}`
  }

  // A frame does not report its connection, so poll for whether its first block has run.
  const look = setInterval(() => {
    if (opened || !frame.contentDocument || !('push' in frame.contentWindow)) return
    opened = true
    sink.open()
  }, 5)

  // Nor does it report whether a page ended or broke off.
  frame.onload = () => {
    if (!opened && empty) return sink.lost('reset')
    sink.response(empty)
    open()
  }

  frame.hidden = true
  open()
  document.body.append(frame)
  return () => {
    clearInterval(look)
    frame.onload = null
    frame.remove()
  }
}
