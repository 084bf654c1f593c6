/**
 * The page's behaviour: draws the charts, switches techniques, axes and costs, sets series in focus, saves figures as
 * pictures, follows light, dark and print. Everything else on the page works without it.
 */
/* global Chart, charts */
{
  const data = JSON.parse(document.getElementById('data').textContent)
  const form = document.querySelector('.switches form')
  const boxes = form === null ? [] : [...form.querySelectorAll('input[name=series]')]
  const live = new Map()
  /** Charts that were switched to a linear axis. */
  const linear = new Set()
  const focus = { pointed: null, chosen: new Set() }

  const shown = () =>
    new Set(
      boxes.length === 0
        ? data.styles.keys()
        : boxes.filter(box => box.checked).map(box => Number(box.value)),
    )

  /** Height of a plot with the given number of rows, in pixels. */
  const rowsHeight = count => 56 + Math.max(1, count) * 30

  const toLinear = axis => (axis?.scale === 'log' ? { ...axis, scale: 'linear' } : axis)

  /** The chart of a canvas as its switches ask for it. */
  function chartOf(id) {
    const chart = data.charts[id]
    if (!linear.has(id)) return chart
    return { ...chart, x: toLinear(chart.x), y: toLinear(chart.y), value: toLinear(chart.value) }
  }

  /** Draws one chart again: after a switch or a change of colours everything about it may differ. */
  function drawChart(id, series = shown(), look = Object.assign(charts.readLook(), focus)) {
    const canvas = document.getElementById(id)
    const chart = chartOf(id)
    live.get(id)?.chart.destroy()
    const count = chart.kind === 'rows' ? chart.rows.filter(row => series.has(row.series)).length : 0
    if (chart.kind === 'rows') canvas.parentElement.style.height = `${rowsHeight(count)}px`
    live.set(id, { look, chart: new Chart(canvas, charts[chart.kind](chart, data.styles, series, look)) })
  }

  function drawAll() {
    const look = Object.assign(charts.readLook(), focus)
    const series = shown()
    Chart.defaults.font.family = look.family
    for (const id of Object.keys(data.charts)) drawChart(id, series, look)
  }

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

  /** Chooses a series in all charts and tables, or no longer. */
  function choose(series) {
    if (!focus.chosen.delete(series)) focus.chosen.add(series)
    showChosen()
    for (const each of live.values()) emphasise(each)
  }

  function showChosen() {
    document.documentElement.dataset.chosen = [...focus.chosen].join(' ')
    for (const element of document.querySelectorAll('tbody[data-series]')) {
      element.classList.toggle('chosen', focus.chosen.has(Number(element.dataset.series)))
    }
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

  function say(canvas, series) {
    const said = canvas.closest('figure').querySelector('.said')
    const isChosen = focus.chosen.has(series)
    said.textContent = series === null ? '' : `${data.styles[series].label}${isChosen ? ', chosen' : ''}`
  }

  /** Arrow keys move from series to series, Enter or space chooses, Escape lets go. */
  function pressed(id, event) {
    const all = seriesOf(live.get(id))
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key]
    if (all.length === 0) return
    if (step !== undefined) {
      const at = all.indexOf(focus.pointed)
      const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : (at + step + all.length) % all.length
      point(id, all[next])
    } else if ((event.key === 'Enter' || event.key === ' ') && focus.pointed !== null) choose(focus.pointed)
    else if (event.key === 'Escape') {
      focus.chosen.clear()
      focus.pointed = null
      showChosen()
      for (const each of live.values()) emphasise(each)
    } else return
    event.preventDefault()
    say(event.currentTarget, focus.pointed)
  }

  /** Pointing at, choosing and moving among the series of charts whose marks belong to series. */
  function listen(id) {
    const canvas = document.getElementById(id)
    if (data.charts[id].kind === 'rows') return
    canvas.addEventListener('pointermove', event => point(id, seriesAt(live.get(id), event)))
    canvas.addEventListener('pointerleave', () => point(id, null))
    canvas.addEventListener('blur', () => point(id, null))
    canvas.addEventListener('click', event => {
      const series = seriesAt(live.get(id), event)
      if (series !== null) choose(series)
    })
    canvas.addEventListener('keydown', event => pressed(id, event))
  }

  /** Saves a figure as it is drawn now. */
  function save(figure) {
    const { id } = figure.querySelector('canvas')
    const text = selector => figure.querySelector(selector)?.textContent.trim() ?? ''
    const words = { title: text('h3'), subject: text('.drawn'), setup: data.setup }
    charts.picture(chartOf(id), words, data, shown(), focus).toBlob(blob => {
      const link = document.createElement('a')
      link.href = URL.createObjectURL(blob)
      link.download = `pushbench-${id}.png`
      link.click()
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
    })
  }

  function switchAxis(figure, button) {
    const { id } = figure.querySelector('canvas')
    const isLinear = !linear.delete(id)
    if (isLinear) linear.add(id)
    button.setAttribute('aria-pressed', String(isLinear))
    drawChart(id)
  }

  /** Of the figures that answer a question in several ways, the chosen one shows. */
  function switchFigure(choice) {
    const value = choice.querySelector('input:checked').value
    for (const [at, figure] of choice.querySelectorAll('figure').entries()) {
      figure.hidden = String(at) !== value
      if (!figure.hidden && figure.querySelector('canvas') !== null)
        drawChart(figure.querySelector('canvas').id)
    }
  }

  /** Rows, columns and legend entries of what is switched off disappear. */
  function switchElements() {
    const series = shown()
    for (const element of document.querySelectorAll('[data-series]')) {
      element.hidden = !series.has(Number(element.dataset.series))
    }
    const count = document.querySelector('.switches .count')
    if (count !== null)
      count.textContent = series.size === boxes.length ? 'all' : `${series.size} of ${boxes.length}`
  }

  function update() {
    switchElements()
    drawAll()
    document.documentElement.dataset.drawn = [...shown()].join(' ')
  }

  form?.addEventListener('change', update)
  form?.addEventListener('submit', event => event.preventDefault())
  form?.addEventListener('click', event => {
    const button = event.target.closest('button')
    if (button === null) return
    for (const box of boxes) box.checked = button.value === 'all'
    update()
  })
  if (form !== null) form.closest('.switches').hidden = false

  for (const id of Object.keys(data.charts)) listen(id)
  for (const choice of document.querySelectorAll('.choice')) {
    choice.querySelector('fieldset').hidden = false
    choice.addEventListener('change', () => switchFigure(choice))
  }
  for (const tools of document.querySelectorAll('.tools')) {
    tools.hidden = false
    tools.addEventListener('click', event => {
      const button = event.target.closest('button')
      if (button?.value === 'picture') save(tools.closest('figure'))
      else if (button?.value === 'linear') switchAxis(tools.closest('figure'), button)
    })
  }

  // Print needs dark ink whatever the screen shows: the print style sheet sets it, and the canvases follow.
  for (const query of ['(prefers-color-scheme: dark)', 'print']) {
    matchMedia(query).addEventListener('change', drawAll)
  }
  addEventListener('beforeprint', drawAll)
  addEventListener('afterprint', drawAll)
  update()
}
