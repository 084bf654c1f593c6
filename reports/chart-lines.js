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

  /** One line per series. */
  function lines(chart, styles, shown, look) {
    const drawn = chart.lines.filter(line => shown.has(line.series))
    const datasets = drawn.map(line => {
      const style = styles[line.series]
      const colour = line.doubtful ? charts.pale(look.series[style.colour], 0.45) : look.series[style.colour]
      // A shape of strokes alone needs thicker ones than a shape that is filled.
      const crossed = ['crossRot', 'cross', 'star'].includes(style.shape)
      return {
        label: style.label + (line.doubtful ? ' (invalid)' : ''),
        data: line.points,
        parsing: { xAxisKey: 'x', yAxisKey: 'y' },
        borderColor: colour,
        backgroundColor: colour,
        borderDash: style.dash,
        borderWidth: line.doubtful ? 1.25 : 2,
        pointStyle: style.shape,
        pointRadius: line.points.map(point => (point.marked ? 4 : line.points.length === 1 ? 4 : 0)),
        pointBorderWidth: crossed ? 2 : 1,
        pointHoverRadius: 5,
        pointHitRadius: 8,
        tension: 0,
        clip: 6,
      }
    })
    const values = drawn.flatMap(line => line.points.map(point => point.y))
    const base = charts.common(look)
    return {
      type: 'line',
      data: { datasets },
      plugins: [shading(chart.shade, look)],
      options: {
        ...base,
        interaction: { mode: 'nearest', axis: 'x', intersect: false },
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
          y: charts.valueScale(chart.value, values, look, chart.shade === null ? 0 : '12%'),
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
