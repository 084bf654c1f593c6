/** `busy-polling`: asks again as soon as it was answered; a bare `null` means that there is no event. */
window.subscribe = (url, cursor, sink, { pause }) => {
  const stop = new AbortController()
  let timer

  async function ask() {
    try {
      const response = await fetch(`${url}&since=${cursor}`, { signal: stop.signal })
      if (!response.ok) return sink.lost('status')
      const events = await response.json()
      for (const event of events ?? []) cursor = sink.event(event)
      sink.response(events === null)
      if (pause > 0) timer = setTimeout(ask, pause)
      else ask()
    } catch (error) {
      sink.lost(error)
    }
  }

  ask()
  return () => {
    clearTimeout(timer)
    stop.abort()
  }
}
