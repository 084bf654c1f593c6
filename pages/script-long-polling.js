/** `script-long-polling`: long polling by script elements; each answer is a script that calls the page. */
window.subscribe = (url, cursor, sink, { pause, callback }) => {
  let closed = false
  let answered
  let timer

  window[callback] = events => {
    if (closed) return
    answered = true
    for (const event of events) cursor = sink.event(event)
    sink.response(events.length === 0)
  }

  function ask(more = '') {
    answered = false
    const script = document.createElement('script')
    script.src = `${url}&since=${cursor}&callback=${callback}${more}`
    // A script element reports that a load failed, but not why.
    script.onerror = () => sink.lost('reset')
    script.onload = () => {
      script.remove()
      if (closed) return
      if (!answered) sink.lost('protocol')
      else if (pause > 0) timer = setTimeout(ask, pause)
      else ask()
    }
    document.head.append(script)
  }

  // The first request is answered at once, with what was missed: it shows that the server is reachable.
  ask('&hold=0')
  return () => {
    // A script that is on its way cannot be called back.
    closed = true
    clearTimeout(timer)
  }
}
