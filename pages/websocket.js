/** `websocket`: one connection, one message per event. */
window.subscribe = (url, cursor, sink) => {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}&since=${cursor}`)
  socket.onopen = () => sink.open()
  socket.onmessage = message => sink.event(message.data)
  // RFC 6455 section 7.4.1: normal closure, going away; 1012 (IANA registry): service restart.
  socket.onclose = ({ code }) => sink.lost([1000, 1001, 1012].includes(code) ? 'closed' : 'reset')
  return () => {
    socket.onclose = null
    socket.close()
  }
}
