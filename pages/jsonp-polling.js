/** `jsonp-polling`: polls with a script element, whose script calls the page. Works across origins without CORS. */
window.subscribe = (url, cursor, sink, { interval, timing, phase, callback }) => {
  let answered
  let timer
  let next

  window[callback] = events => {
    answered = true
    for (const event of events) cursor = sink.event(event)
    sink.response(events.length === 0)
  }

  function poll() {
    answered = false
    const script = document.createElement('script')
    script.src = `${url}&since=${cursor}&callback=${callback}`
    // A script element reports that a load failed, but not why.
    script.onerror = () => sink.lost('reset')
    script.onload = () => {
      script.remove()
      if (answered) wait()
      else sink.lost('protocol')
    }
    document.head.append(script)
  }

  function wait() {
    const now = performance.now()
    if (next === undefined) next = now + phase * interval
    else if (timing === 'fixed-delay') next = now + interval
    // A tick that fell due while a request was under way is left out.
    else while (next <= now) next += interval
    timer = setTimeout(poll, next - now)
  }

  poll()
  return () => clearTimeout(timer)
}
