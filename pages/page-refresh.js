/** `page-refresh`: loads the whole page again every `interval` milliseconds. A frame shows it, so that this script outlives it. */
window.subscribe = (url, cursor, sink, { interval, timing, phase }) => {
  const frame = document.createElement('iframe')
  let timer
  let next

  frame.onload = () => {
    // Where nothing could be loaded, the browser shows an error page of its own, which scripts cannot read.
    const element = frame.contentDocument?.getElementById('events')
    if (!element) return sink.lost('reset')
    const events = JSON.parse(element.textContent)
    for (const event of events) cursor = sink.event(event)
    sink.response(events.length === 0)
    wait()
  }

  // Browsers do not fire this at a frame; where one does, it gives no cause either.
  frame.onerror = () => sink.lost('reset')

  function load() {
    frame.src = `${url}&since=${cursor}`
  }

  function wait() {
    const now = performance.now()
    if (next === undefined) next = now + phase * interval
    else if (timing === 'fixed-delay') next = now + interval
    // A tick that fell due while the page was loading is left out.
    else while (next <= now) next += interval
    timer = setTimeout(load, next - now)
  }

  load()
  document.body.append(frame)
  return () => {
    clearTimeout(timer)
    frame.onload = null
    frame.onerror = null
    frame.remove()
  }
}
