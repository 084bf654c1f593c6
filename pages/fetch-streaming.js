/** `fetch-streaming`: reads newline-delimited JSON off the stream of a fetch. */
window.subscribe = (url, cursor, sink) => {
  const stop = new AbortController()

  async function open() {
    try {
      const response = await fetch(`${url}&since=${cursor}`, { signal: stop.signal })
      if (!response.ok) return sink.lost('status')
      if (!response.headers.get('Content-Type')?.startsWith('application/x-ndjson'))
        return sink.lost('protocol')
      sink.open()
      let rest = ''
      let empty = true
      for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
        const lines = (rest + piece).split('\n')
        rest = lines.pop()
        for (const line of lines) {
          if (line.trim() === '') continue
          empty = false
          cursor = sink.event(line)
        }
      }
      sink.response(empty)
      open()
    } catch (error) {
      sink.lost(error)
    }
  }

  open()
  return () => stop.abort()
}
