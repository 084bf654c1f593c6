/** `piggyback`: makes no requests for events; they come in the responses to the forms that the user posts. */
window.subscribe = (url, cursor, sink, { waits, fallback }) => {
  const stop = new AbortController()
  let timer
  let actions = 0

  async function ask(form) {
    try {
      const response = await fetch(`${url}&since=${cursor}`, { ...form, signal: stop.signal })
      if (!response.ok) return sink.lost('status')
      const answer = await response.json()
      const events = form === undefined ? answer : answer.events
      for (const event of events) cursor = sink.event(event)
      sink.response(events.length === 0)
      return true
    } catch (error) {
      sink.lost(error)
    }
  }

  /** The user acts after each of `waits`, round and round; a page that was idle for `fallback` milliseconds may ask by itself. */
  function idle(untilAction = waits[actions++ % waits.length]) {
    const asks = fallback > 0 && fallback < untilAction
    timer = setTimeout(
      async () => {
        const form = {
          method: 'POST',
          headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
          body: `action=buy&item=${actions}`,
        }
        if (await ask(asks ? undefined : form)) idle(asks ? untilAction - fallback : undefined)
      },
      asks ? fallback : untilAction,
    )
  }

  ask().then(answered => answered && idle())
  return () => {
    clearTimeout(timer)
    stop.abort()
  }
}
