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

  // A page says nothing of its connection: whether its first block has run has to be looked for.
  const look = setInterval(() => {
    if (opened || !frame.contentDocument || !('push' in frame.contentWindow)) return
    opened = true
    sink.open()
  }, 5)

  // Neither does it say whether it came to its end or broke off.
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
