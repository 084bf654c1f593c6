/** `sse`: an EventSource reads an endless `text/event-stream`. */
window.subscribe = (url, cursor, sink) => {
  const source = new EventSource(`${url}&since=${cursor}`)
  source.onopen = () => sink.open()
  source.onmessage = message => sink.event(message.data)
  // An EventSource reconnects by itself after about 3 s. Here all techniques reconnect by one and the same
  // rule, so the source is closed; it has closed itself where the response was not an event stream.
  source.onerror = () => {
    sink.lost(source.readyState === EventSource.CLOSED ? 'status' : 'reset')
    source.close()
  }
  return () => source.close()
}
