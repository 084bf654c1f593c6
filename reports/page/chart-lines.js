/**
 * A `LinesChart` of figure.ts as a configuration for chart.js: one line per series with its name at the end. Where there
 * are many, all are grey but those in focus.
 */
/* global charts */
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
      ctx.font = look.font()
      // Squeezed into a narrow stretch a word is no word.
      if (ctx.measureText(shade.label).width <= right - left - 6)
        ctx.fillText(shade.label, left + 4, chartArea.top + look.size)
      ctx.restore()
    },
  })

  /** Marks moments on the x axis. Names stand in steps, so that those of near moments do not overlap. */
  const uprightMarks = (uprights, look) => ({
    id: 'uprights',
    beforeDatasetsDraw({ ctx, chartArea, scales }) {
      ctx.save()
      ctx.strokeStyle = ctx.fillStyle = look.muted
      ctx.font = look.font()
      ctx.setLineDash([3, 3])
      uprights.forEach(({ at, label }, index) => {
        const x = scales.x.getPixelForValue(at)
        ctx.beginPath()
        ctx.moveTo(x, chartArea.top)
        ctx.lineTo(x, chartArea.bottom)
        ctx.stroke()
        const isLeft = x + 6 + ctx.measureText(label).width < chartArea.right
        ctx.textAlign = isLeft ? 'left' : 'right'
        ctx.fillText(label, x + (isLeft ? 4 : -4), chartArea.top + look.size * (1 + 1.2 * index))
      })
      ctx.restore()
    },
  })

  const nameOf = (line, styles) =>
    (line.label ?? styles[line.series].label) + (line.doubtful ? ' (invalid)' : '')

  /** Writes the names of lines next to their last points. */
  const names = (drawn, styles, look, emphasisOf) => ({
    id: 'names',
    afterDatasetsDraw(chart) {
      const ends = drawn.flatMap((line, index) => {
        const last = line.points.findLastIndex(point => point.y !== null)
        const end = chart.getDatasetMeta(index).data[last]
        if (line.area || end === undefined) return []
        const emphasis = emphasisOf(line.series)
        const text = charts.fitted(nameOf(line, styles), look)
        const { y } = end
        const colour = look.series[styles[line.series].colour]
        return {
          series: line.series,
          text,
          y,
          colour,
          strong: emphasis === 'strong',
          faded: emphasis === 'faded',
        }
      })
      charts.labels.atEnds(chart, ends, look)
    },
  })

  function dataset(line, styles, look, emphasisOf) {
    const style = styles[line.series]
    const own = look.series[style.colour]
    const colour = () => {
      const emphasis = emphasisOf(line.series)
      if (emphasis === 'faded') return look.faded
      return line.doubtful ? charts.pale(own, 0.45) : own
    }
    // A shape of strokes alone needs thicker ones than a shape that is filled.
    const isCrossed = ['crossRot', 'cross', 'star'].includes(style.shape)
    const isAlone = line.points.length === 1
    return {
      series: line.series,
      area: line.area === true,
      label: nameOf(line, styles),
      data: line.points,
      parsing: { xAxisKey: 'x', yAxisKey: 'y' },
      borderColor: colour,
      backgroundColor: () => (line.area ? charts.pale(colour(), line.doubtful ? 0.12 : 0.25) : colour()),
      borderDash: style.dash,
      borderWidth: () =>
        line.area ? 0 : emphasisOf(line.series) === 'strong' ? 3 : line.doubtful ? 1.25 : 1.75,
      fill: line.area ? 'start' : false,
      pointStyle: style.shape,
      pointRadius: ({ dataIndex }) => {
        const isShown = line.points[dataIndex]?.marked && emphasisOf(line.series) !== 'faded'
        return isShown || isAlone ? 4 : 0
      },
      pointBorderWidth: isCrossed ? 2 : 1,
      pointHoverRadius: 5,
      pointHitRadius: 8,
      tension: 0,
      clip: 6,
    }
  }

  /** One line per series. */
  function lines(chart, styles, shown, look) {
    const drawn = chart.lines.filter(line => shown.has(line.series))
    const named = [...new Set(drawn.filter(line => !line.area).map(line => line.series))]
    const emphasisOf = series => charts.emphasis(look, series, named)
    const isLinear = chart.value.scale === 'linear' && chart.value.floor !== undefined
    // What stands at the floor of a log axis is nothing.
    const grounded = isLinear
      ? drawn.map(line => ({
          ...line,
          points: line.points.map(point => (point.y === chart.value.floor ? { ...point, y: 0 } : point)),
        }))
      : drawn
    const values = grounded.flatMap(line => line.points.map(point => point.y))
    const base = charts.common(look)
    // What is named within the plot needs room above the lines.
    const isNamed = chart.shade !== null || chart.uprights !== undefined
    const column = charts.widest(
      drawn.filter(line => !line.area).map(line => charts.fitted(nameOf(line, styles), look)),
      look,
    )
    return {
      type: 'line',
      data: { datasets: grounded.map(line => dataset(line, styles, look, emphasisOf)) },
      plugins: [
        shading(chart.shade, look),
        uprightMarks(chart.uprights ?? [], look),
        names(grounded, styles, look, emphasisOf),
      ],
      options: {
        ...base,
        layout: { padding: { right: column + 28, top: 4 } },
        interaction: { mode: 'nearest', axis: 'xy', intersect: false },
        scales: {
          x: {
            type: 'linear',
            min: chart.x.min,
            max: chart.x.max,
            title: charts.axisTitle(chart.x.title, look),
            grid: { color: look.grid, drawTicks: false },
            border: { color: look.muted },
            afterBuildTicks: axis => {
              axis.ticks = chart.x.ticks.map(each => ({ value: each.at }))
            },
            ticks: {
              color: look.muted,
              font: { size: look.size },
              padding: 6,
              maxRotation: 0,
              autoSkip: true,
              callback: (_, index, ticks) =>
                chart.x.ticks.find(each => each.at === ticks[index].value)?.label,
            },
          },
          y: charts.valueScale(chart.value, values, look, { grace: isNamed ? '12%' : 0 }),
        },
        plugins: {
          ...base.plugins,
          tooltip: {
            ...base.plugins.tooltip,
            filter: (item, index) => index === 0 && item.dataset.area !== true,
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
