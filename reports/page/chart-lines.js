/**
 * A `LinesChart` of figure.ts as a configuration for chart.js: one line per series.
 */
/* global Chart, charts */
charts.lines = (() => {
  /** Sets off a stretch of the x axis and names it. */
  const shading = (shade, look) => ({
    id: 'shading',
    beforeDatasetsDraw({ ctx, chartArea, scales }) {
      if (shade === null) return
      const left = scales.x.getPixelForValue(shade.from)
      const right = scales.x.getPixelForValue(shade.to)
      ctx.save()
      ctx.fillStyle = look.shade
      ctx.fillRect(left, chartArea.top, right - left, chartArea.bottom - chartArea.top)
      ctx.fillStyle = look.muted
      ctx.font = `11px ${Chart.defaults.font.family}`
      ctx.fillText(shade.label, left + 4, chartArea.top + 12, Math.max(0, right - left - 6))
      ctx.restore()
    },
  })

  /** Marks moments on the x axis. Names stand in steps, so that those of near moments do not overlap. */
  const uprightMarks = (uprights, look) => ({
    id: 'uprights',
    beforeDatasetsDraw({ ctx, chartArea, scales }) {
      ctx.save()
      ctx.strokeStyle = ctx.fillStyle = look.muted
      ctx.font = `11px ${Chart.defaults.font.family}`
      ctx.setLineDash([3, 3])
      uprights.forEach(({ at, label }, index) => {
        const x = scales.x.getPixelForValue(at)
        ctx.beginPath()
        ctx.moveTo(x, chartArea.top)
        ctx.lineTo(x, chartArea.bottom)
        ctx.stroke()
        const isLeft = x + 6 + ctx.measureText(label).width < chartArea.right
        ctx.textAlign = isLeft ? 'left' : 'right'
        ctx.fillText(label, x + (isLeft ? 4 : -4), chartArea.top + 11 + 14 * index)
      })
      ctx.restore()
    },
  })

  /** Writes the names of lines next to their last points; a name that would cover another is left out. */
  const tags = (drawn, look) => ({
    id: 'tags',
    afterDatasetsDraw(chart) {
      const { ctx, chartArea } = chart
      ctx.save()
      ctx.fillStyle = look.text
      ctx.font = `600 12px ${Chart.defaults.font.family}`
      ctx.textBaseline = 'middle'
      const written = []
      drawn.forEach((line, index) => {
        const end = chart.getDatasetMeta(index).data.at(-1)
        if (line.tag === undefined || end === undefined) return
        const { width } = ctx.measureText(line.tag)
        const left = end.x + width + 18 < chartArea.right ? end.x + 14 : end.x - 14 - width
        const covers = written.some(
          other => Math.abs(other.y - end.y) < 16 && left < other.right && other.left < left + width,
        )
        if (covers) return
        written.push({ left, right: left + width, y: end.y })
        ctx.fillText(line.tag, left, end.y)
      })
      ctx.restore()
    },
  })

  /** One line per series. */
  function lines(chart, styles, shown, look) {
    const drawn = chart.lines.filter(line => shown.has(line.series))
    const datasets = drawn.map(line => {
      const style = styles[line.series]
      const own = look.series[style.colour]
      const colour = line.doubtful ? charts.pale(own, 0.45) : own
      // A shape of strokes alone needs thicker ones than a shape that is filled.
      const crossed = ['crossRot', 'cross', 'star'].includes(style.shape)
      return {
        label: (line.label ?? style.label) + (line.doubtful ? ' (invalid)' : ''),
        data: line.points,
        parsing: { xAxisKey: 'x', yAxisKey: 'y' },
        borderColor: colour,
        backgroundColor: line.area ? charts.pale(own, line.doubtful ? 0.12 : 0.25) : colour,
        borderDash: style.dash,
        borderWidth: line.area ? 0 : line.doubtful ? 1.25 : 2,
        fill: line.area ? 'start' : false,
        order: line.area ? 2 : 1,
        pointStyle: style.shape,
        pointRadius: line.points.map(point =>
          chart.scattered ? 7 : point.marked || line.points.length === 1 ? 4 : 0,
        ),
        pointBorderWidth: crossed ? 2 : 1,
        pointHoverRadius: 5,
        pointHitRadius: 8,
        tension: 0,
        clip: 6,
      }
    })
    const values = drawn.flatMap(line => line.points.map(point => point.y))
    const base = charts.common(look)
    // What is named within the plot needs room above the lines.
    const isNamed = chart.shade !== null || chart.uprights !== undefined || chart.scattered
    return {
      type: 'line',
      data: { datasets },
      plugins: [shading(chart.shade, look), uprightMarks(chart.uprights ?? [], look), tags(drawn, look)],
      options: {
        ...base,
        interaction: { mode: 'nearest', axis: chart.scattered ? 'xy' : 'x', intersect: false },
        scales: {
          x: {
            type: 'linear',
            min: chart.x.min,
            max: chart.x.max,
            title: { display: true, text: chart.x.title, color: look.muted },
            grid: { color: look.grid, drawTicks: false },
            border: { color: look.muted },
            afterBuildTicks: axis => {
              axis.ticks = chart.x.ticks.map(each => ({ value: each.at }))
            },
            ticks: {
              color: look.muted,
              padding: 6,
              maxRotation: 0,
              autoSkip: true,
              callback: (_, index, ticks) =>
                chart.x.ticks.find(each => each.at === ticks[index].value)?.label,
            },
          },
          y: charts.valueScale(chart.value, values, look, isNamed ? '12%' : 0),
        },
        plugins: {
          ...base.plugins,
          tooltip: {
            ...base.plugins.tooltip,
            callbacks: {
              title: items => items[0]?.raw.at ?? '',
              label: item => ` ${item.dataset.label}: ${item.raw.text}`,
            },
          },
        },
      },
    }
  }

  return lines
})()
