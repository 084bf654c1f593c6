/**
 * A `PointsChart` of figure.ts as a configuration for chart.js: every series a labelled point of a plane, with a dot for
 * each of its runs.
 */
/* global charts */
charts.points = (() => {
  /** The stretch of `y` in which points do not differ. */
  const band = (chart, look) => ({
    id: 'band',
    beforeDatasetsDraw(drawn) {
      drawn.$taken = []
      if (chart.band === null) return
      const { ctx, chartArea, scales } = drawn
      const pixel = value =>
        Math.min(chartArea.bottom, Math.max(chartArea.top, scales.y.getPixelForValue(value)))
      const [top, bottom] = [pixel(chart.band.to), pixel(chart.band.from)]
      ctx.save()
      ctx.fillStyle = look.shade
      ctx.fillRect(chartArea.left, top, chartArea.right - chartArea.left, bottom - top)
      ctx.fillStyle = look.muted
      ctx.font = look.font()
      ctx.textAlign = 'right'
      ctx.textBaseline = 'top'
      // Within the band where it has room: points of the slow lie close above it.
      const place = bottom - top > 3 * look.size ? top + 4 : top - look.size - 4
      ctx.fillText(chart.band.label, chartArea.right - 6, place)
      const { width } = ctx.measureText(chart.band.label)
      const left = chartArea.right - 6 - width
      drawn.$taken = [{ left, right: chartArea.right, top: place, bottom: place + look.size }]
      ctx.restore()
    },
  })

  /** A dot for each run and a cross where the median lies. */
  const spread = (points, colourOf) => ({
    id: 'spread',
    beforeDatasetsDraw(chart) {
      const { ctx, scales } = chart
      ctx.save()
      for (const point of points) {
        ctx.strokeStyle = ctx.fillStyle = charts.pale(colourOf(point), 0.55)
        ctx.lineWidth = 1.5
        const [x, y] = [scales.x.getPixelForValue(point.x.value), scales.y.getPixelForValue(point.y.value)]
        ctx.beginPath()
        for (const [axis, interval] of [
          ['x', point.x.interval],
          ['y', point.y.interval],
        ]) {
          if (interval === null) continue
          const [from, to] = interval.map(value => scales[axis].getPixelForValue(value)).sort((a, b) => a - b)
          const [dx, dy] =
            axis === 'x'
              ? [
                  [from, to],
                  [y - 3, y + 3],
                ]
              : [
                  [x - 3, x + 3],
                  [from, to],
                ]
          chart.$taken.push({ left: dx[0], right: dx[1], top: dy[0], bottom: dy[1] })
          ctx.moveTo(axis === 'x' ? from : x, axis === 'x' ? y : from)
          ctx.lineTo(axis === 'x' ? to : x, axis === 'x' ? y : to)
        }
        ctx.stroke()
        point.x.runs.forEach((value, run) => {
          if (value === null || (point.y.runs[run] ?? null) === null) return
          ctx.beginPath()
          const place = [scales.x.getPixelForValue(value), scales.y.getPixelForValue(point.y.runs[run])]
          ctx.arc(...place, 2.5, 0, 2 * Math.PI)
          ctx.fill()
        })
      }
      ctx.restore()
    },
  })

  const nameOf = (point, styles) =>
    (point.label ?? styles[point.series].label) + (point.doubtful ? ' (invalid)' : '')

  const names = (points, styles, look, emphasisOf) => ({
    id: 'names',
    afterDatasetsDraw(chart) {
      const placed = points.flatMap((point, index) => {
        const drawn = chart.getDatasetMeta(index).data[0]
        if (drawn === undefined) return []
        const emphasis = emphasisOf(point.series)
        return {
          series: point.series,
          text: charts.fitted(nameOf(point, styles), look),
          x: drawn.x,
          y: drawn.y,
          strong: emphasis === 'strong',
          faded: emphasis === 'faded',
        }
      })
      charts.labels.nextTo(chart, placed, look)
    },
  })

  /** All values of one coordinate that must fit on its axis. */
  const valuesOf = (points, axis) =>
    points.flatMap(point => [
      point[axis].value,
      ...point[axis].runs.filter(value => value !== null),
      ...(point[axis].interval ?? []),
    ])

  /** Every series as a point. */
  function points(chart, styles, shown, look) {
    const drawn = chart.points.filter(point => shown.has(point.series))
    // Points are few and apart: they keep their hues until one of them is in focus.
    const emphasisOf = series => {
      const isFocused = drawn.some(({ series: each }) => each === look.pointed || look.chosen.has(each))
      if (!isFocused) return 'normal'
      return series === look.pointed || look.chosen.has(series) ? 'strong' : 'normal'
    }
    const colourOf = point => {
      const own = look.series[styles[point.series].colour]
      if (look.pointed !== null && look.pointed !== point.series && drawn.length > 1)
        return charts.pale(own, 0.4)
      return point.doubtful ? charts.pale(own, 0.45) : own
    }
    const base = charts.common(look)
    const axis = (name, values) =>
      charts.valueScale(chart[name], values, look, { isTight: true, grace: '5%' })
    return {
      type: 'scatter',
      data: {
        datasets: drawn.map(point => ({
          series: point.series,
          label: nameOf(point, styles),
          data: [{ x: point.x.value, y: point.y.value }],
          texts: [point.x.text, point.y.text],
          pointStyle: styles[point.series].shape,
          pointRadius: look.size * 0.55,
          pointHoverRadius: look.size * 0.65,
          pointBorderWidth: ['crossRot', 'cross', 'star'].includes(styles[point.series].shape) ? 2.5 : 1,
          pointBorderColor: () => colourOf(point),
          pointBackgroundColor: () => colourOf(point),
          clip: 12,
        })),
      },
      plugins: [band(chart, look), spread(drawn, colourOf), names(drawn, styles, look, emphasisOf)],
      options: {
        ...base,
        layout: { padding: { right: 12, top: 8 } },
        interaction: { mode: 'nearest', axis: 'xy', intersect: false },
        scales: {
          x: axis('x', valuesOf(drawn, 'x')),
          y: axis('y', [...valuesOf(drawn, 'y'), ...(chart.band === null ? [] : [chart.band.to])]),
        },
        plugins: {
          ...base.plugins,
          tooltip: {
            ...base.plugins.tooltip,
            filter: (_, index) => index === 0,
            callbacks: {
              title: items => items[0]?.dataset.label ?? '',
              label: ({ dataset }) => ` ${chart.y.title}: ${dataset.texts[1]}`,
              afterLabel: ({ dataset }) => ` ${chart.x.title}: ${dataset.texts[0]}`,
            },
          },
        },
      },
    }
  }

  return points
})()
