/**
 * Which series stand out in the charts: the one that somebody points at with the mouse or the arrow keys, and those that
 * were chosen by a click or by Enter.
 */
/* global charts */
charts.focus = (() => {
  const focus = { pointed: null, chosen: new Set() }
  /** The charts that are drawn, each with its look, by the id of the canvas. */
  const live = new Map()

  /** What stands out comes to the front. */
  function emphasise({ look, chart }) {
    Object.assign(look, focus)
    for (const dataset of chart.data.datasets) {
      if (dataset.series === undefined) continue
      const isStrong = dataset.series === look.pointed || look.chosen.has(dataset.series)
      dataset.order = dataset.area ? 2 : isStrong ? 0 : 1
    }
    chart.update('none')
  }

  /** Sets the series that is pointed at in one chart. */
  function point(id, series) {
    if (focus.pointed === series) return
    focus.pointed = series
    emphasise(live.get(id))
    document.getElementById(id).style.cursor = series === null ? '' : 'pointer'
  }

  /** What was chosen stands out in all charts and tables. */
  function showChosen() {
    for (const element of document.querySelectorAll('tbody[data-series]')) {
      element.classList.toggle('chosen', focus.chosen.has(Number(element.dataset.series)))
    }
    for (const each of live.values()) emphasise(each)
  }

  /** Chooses a series, or no longer. */
  function choose(series) {
    if (!focus.chosen.delete(series)) focus.chosen.add(series)
    showChosen()
  }

  function letGo() {
    focus.chosen.clear()
    focus.pointed = null
    showChosen()
  }

  /** The series at a place of a chart: its name, or the nearest point of it. */
  function seriesAt({ chart }, event) {
    const named = charts.labels.at(chart, event.offsetX, event.offsetY)
    if (named !== null) return named
    const [found] = chart.getElementsAtEventForMode(event, 'nearest', { axis: 'xy', intersect: false }, false)
    if (found === undefined) return null
    const { x, y } = found.element
    return Math.hypot(x - event.offsetX, y - event.offsetY) > 40
      ? null
      : (chart.data.datasets[found.datasetIndex].series ?? null)
  }

  /** The series of a chart in the order of the page, for the keyboard. */
  const seriesOf = ({ chart }) => [
    ...new Set(
      chart.data.datasets.flatMap(({ series, area }) => (series === undefined || area ? [] : series)),
    ),
  ]

  /** Moves to the next or the last series of a chart. */
  function step(id, by) {
    const all = seriesOf(live.get(id))
    const at = all.indexOf(focus.pointed)
    const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : (at + by + all.length) % all.length
    if (all.length > 0) point(id, all[next])
  }

  const steps = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }

  /** Arrow keys move from series to series, Enter or space chooses, Escape lets go. */
  function pressed(id, event, labels) {
    if (event.key in steps) step(id, steps[event.key])
    else if ((event.key === 'Enter' || event.key === ' ') && focus.pointed !== null) choose(focus.pointed)
    else if (event.key === 'Escape') letGo()
    else return
    event.preventDefault()
    const chosen = focus.chosen.has(focus.pointed) ? ', chosen' : ''
    event.currentTarget.closest('figure').querySelector('.said').textContent =
      focus.pointed === null ? '' : labels[focus.pointed] + chosen
  }

  /** Pointing at, choosing and moving among the series of a chart. */
  function listen(id, labels) {
    const canvas = document.getElementById(id)
    canvas.addEventListener('pointermove', event => point(id, seriesAt(live.get(id), event)))
    canvas.addEventListener('pointerleave', () => point(id, null))
    canvas.addEventListener('blur', () => point(id, null))
    canvas.addEventListener('click', event => {
      const series = seriesAt(live.get(id), event)
      if (series !== null) choose(series)
    })
    canvas.addEventListener('keydown', event => pressed(id, event, labels))
  }

  return { state: focus, live, listen }
})()
