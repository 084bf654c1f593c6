/** `polling`: asks every `interval` milliseconds, whether or not there is an event. */
window.subscribe = (url, cursor, sink, { interval, timing, phase }) => {
  const stop = new AbortController()
  let timer
  let next

  async function poll() {
    try {
      const response = await fetch(`${url}&since=${cursor}`, { signal: stop.signal })
      if (!response.ok) return sink.lost('status')
      const events = await response.json()
      for (const event of events) cursor = sink.event(event)
      sink.response(events.length === 0)
      wait()
    } catch (error) {
      sink.lost(error)
    }
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
  return () => {
    clearTimeout(timer)
    stop.abort()
  }
}
