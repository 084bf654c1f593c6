/**
 * The page's behaviour: draws the charts, switches techniques on and off, follows light, dark and print.
 * Everything else on the page works without it.
 */
/* global Chart, charts */
{
  const data = JSON.parse(document.getElementById('data').textContent)
  const form = document.querySelector('form.switches')
  const boxes = form === null ? [] : [...form.querySelectorAll('input[name=series]')]
  const live = new Map()

  const shown = () => new Set(boxes.filter(box => box.checked).map(box => Number(box.value)))

  /** Height of a plot with the given number of rows, in pixels. */
  const rowsHeight = count => 56 + Math.max(1, count) * 34

  /** Draws one chart again: after a switch or a change of colours everything about it may differ. */
  function drawChart(id, chart, series, look) {
    const canvas = document.getElementById(id)
    live.get(id)?.destroy()
    const count = chart.kind === 'rows' ? chart.rows.filter(row => series.has(row.series)).length : 0
    if (chart.kind === 'rows') canvas.parentElement.style.height = `${rowsHeight(count)}px`
    live.set(id, new Chart(canvas, charts[chart.kind](chart, data.styles, series, look)))
  }

  function drawAll() {
    const look = charts.readLook(data.styles)
    const series = shown()
    Chart.defaults.font.family = getComputedStyle(document.body).fontFamily
    for (const [id, chart] of Object.entries(data.charts)) drawChart(id, chart, series, look)
  }

  /** Rows, columns and legend entries of what is switched off disappear. */
  function switchElements() {
    const series = shown()
    for (const element of document.querySelectorAll('[data-series]')) {
      element.hidden = !series.has(Number(element.dataset.series))
    }
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
  if (form !== null) form.hidden = false

  // Print needs dark ink whatever the screen shows: the print style sheet sets it, and the canvases follow.
  for (const query of ['(prefers-color-scheme: dark)', 'print']) {
    matchMedia(query).addEventListener('change', drawAll)
  }
  addEventListener('beforeprint', drawAll)
  addEventListener('afterprint', drawAll)
  update()
}
