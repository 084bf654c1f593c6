/** `page-streaming`: the page itself never ends; script blocks keep arriving. A frame shows it, so that this script outlives it. */
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
    frame.src = `${url}&since=${cursor}&callback=parent.${callback}`
  }

  // A page does not report its connection, so poll for whether its first block has run.
  const look = setInterval(() => {
    if (opened || !frame.contentDocument || !('push' in frame.contentWindow)) return
    opened = true
    sink.open()
  }, 5)

  // Nor does it report whether it ended or broke off.
  frame.onload = () => {
    if (!opened && empty) return sink.lost('reset')
    sink.response(empty)
    open()
  }

  open()
  document.body.append(frame)
  return () => {
    clearInterval(look)
    frame.onload = null
    frame.remove()
  }
}
