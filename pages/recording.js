/**
 * What every page in a browser shares: it records what happens, with timestamps of the page's own clock, until the
 * client process fetches the records. One call out of the page per event would cost more than what is measured.
 */
window.recording = []

/** Subscribes from `cursor` on. Resolves with null once connected, or with the reason why it is not. */
window.connect = (url, cursor, settings) => {
  window.disconnect?.()
  return new Promise(resolve => {
    let state = 'opening'
    let close
    const note = (...fact) => state !== 'lost' && window.recording.push([performance.now(), ...fact])
    const lost = reason => {
      if (state === 'lost') return
      const cause = typeof reason === 'string' ? reason : reason.name === 'SyntaxError' ? 'protocol' : 'reset'
      const detail = typeof reason === 'string' ? '' : String(reason)
      if (state === 'open') note('lost', cause, detail)
      else resolve({ cause, detail })
      state = 'lost'
      close?.()
    }
    const open = () => {
      if (state !== 'opening') return
      state = 'open'
      resolve(null)
    }
    const sink = {
      open,
      lost,
      event(message) {
        try {
          const value = typeof message === 'string' ? JSON.parse(message) : message
          note('event', value)
          cursor = Math.max(cursor, value.overrun ? value.overrun[1] : value[0])
        } catch (error) {
          lost(error)
        }
        return cursor
      },
      response(empty) {
        open()
        note('response', empty)
      },
    }
    close = window.subscribe(url, cursor, sink, settings)
    // An attempt that could not begin has already been reported.
    if (state === 'lost') close()
    window.disconnect = () => {
      state = 'lost'
      close()
    }
  })
}
