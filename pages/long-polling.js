/** `long-polling`: a request waits at the server for an event; the response ends it, and the page asks again. */
window.subscribe = (url, cursor, sink, { pause }) => {
  const stop = new AbortController()
  let timer

  async function ask(more = '') {
    try {
      const response = await fetch(`${url}&since=${cursor}${more}`, { signal: stop.signal })
      if (!response.ok) return sink.lost('status')
      const answer = (await response.json()) ?? []
      // A server may report by an event of its own that the hold ran out; no event occurred then.
      const events = answer.timeout ? [] : answer
      for (const event of events) cursor = sink.event(event)
      sink.response(events.length === 0)
      if (pause > 0) timer = setTimeout(ask, pause)
      else ask()
    } catch (error) {
      sink.lost(error)
    }
  }

  // The first request is answered at once, with what was missed: it shows that the server is reachable.
  ask('&hold=0')
  return () => {
    clearTimeout(timer)
    stop.abort()
  }
}
