/**
 * The page's behaviour: draws the charts, switches techniques, axes and costs, saves figures as pictures, follows light,
 * dark and print. Everything else on the page works without it.
 */
/* global Chart, charts */
{
  const data = JSON.parse(document.getElementById('data').textContent)
  const form = document.querySelector('.switches form')
  const boxes = form === null ? [] : [...form.querySelectorAll('input[name=series]')]
  /** Charts that were switched to a linear axis. */
  const linear = new Set()
  const { live, state: focus } = charts.focus

  const shown = () =>
    new Set(
      boxes.length === 0
        ? data.styles.keys()
        : boxes.filter(box => box.checked).map(box => Number(box.value)),
    )

  /** The least height in pixels that a chart of so many rows, or of so many names at the ends of lines, needs. */
  const heights = {
    rows: chart => 56 + Math.max(1, chart.rows.length) * 30,
    lines: chart => 80 + chart.lines.filter(line => !line.area).length * 15,
  }

  /** Gives a chart its height: rows exactly theirs, lines as much as their names need. */
  function fit(canvas, chart, series) {
    const of = { ...chart }
    for (const key of ['rows', 'lines']) of[key] &&= of[key].filter(each => series.has(each.series))
    const { style } = canvas.parentElement
    if (chart.kind === 'rows') style.height = `${heights.rows(of)}px`
    if (chart.kind === 'lines') style.minHeight = `${heights.lines(of)}px`
  }

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
    fit(canvas, chart, series)
    live.set(id, { look, chart: new Chart(canvas, charts[chart.kind](chart, data.styles, series, look)) })
  }

  function drawAll() {
    const look = Object.assign(charts.readLook(), focus)
    const series = shown()
    Chart.defaults.font.family = look.family
    for (const id of Object.keys(data.charts)) drawChart(id, series, look)
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

  const labels = data.styles.map(({ label }) => label)
  for (const [id, { kind }] of Object.entries(data.charts))
    if (kind !== 'rows') charts.focus.listen(id, labels)
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
