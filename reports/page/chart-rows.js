/**
 * A `RowsChart` of figure.ts as a configuration for chart.js: bars and points, one row per series.
 */
/* global charts */
charts.rows = (() => {
  /** Bars with less room than this, in pixels, show nothing. */
  const leastBars = 120

  /** Stripes for what is not to be compared. */
  function hatched(colour, background) {
    const tile = document.createElement('canvas')
    tile.width = tile.height = 8
    const pen = tile.getContext('2d')
    pen.fillStyle = background
    pen.fillRect(0, 0, 8, 8)
    pen.strokeStyle = colour
    pen.lineWidth = 2
    pen.beginPath()
    for (const shift of [-8, 0, 8]) {
      pen.moveTo(shift - 1, 9)
      pen.lineTo(shift + 9, -1)
    }
    pen.stroke()
    return pen.createPattern(tile, 'repeat')
  }

  /** Writes each row's text behind its bar. */
  const rowTexts = (rows, look) => ({
    id: 'rowTexts',
    afterDatasetsDraw(chart) {
      const { ctx, chartArea } = chart
      ctx.save()
      ctx.font = look.font(600)
      ctx.textBaseline = 'middle'
      ctx.fillStyle = look.text
      rows.forEach((row, at) => {
        const ends = chart.data.datasets.map((_, index) => chart.getDatasetMeta(index).data[at])
        const spread = [...(row.dots ?? []), ...(row.interval ?? [])].map(value =>
          chart.scales.x.getPixelForValue(value),
        )
        const right = Math.max(
          chartArea.left,
          ...ends.map(end => (Number.isFinite(end?.x) ? end.x : 0)),
          ...spread,
        )
        const y = chart.scales.y.getPixelForValue(at)
        ctx.fillText(row.text, right + 8, y)
      })
      ctx.restore()
    },
  })

  /** A dot for each run, and a whisker where the median of the runs lies. */
  const spread = (rows, look) => ({
    id: 'spread',
    afterDatasetsDraw(chart) {
      const { ctx, scales } = chart
      ctx.save()
      rows.forEach((row, at) => {
        const y = scales.y.getPixelForValue(at)
        ctx.strokeStyle = look.text
        ctx.lineWidth = 1.5
        if (row.interval) {
          const [from, to] = row.interval.map(value => scales.x.getPixelForValue(value))
          ctx.beginPath()
          ctx.moveTo(from, y)
          ctx.lineTo(to, y)
          for (const end of [from, to]) {
            ctx.moveTo(end, y - 5)
            ctx.lineTo(end, y + 5)
          }
          ctx.stroke()
        }
        for (const value of row.dots ?? []) {
          ctx.beginPath()
          ctx.arc(scales.x.getPixelForValue(value), y, 2.6, 0, 2 * Math.PI)
          ctx.fillStyle = look.background
          ctx.fill()
          ctx.lineWidth = 1.2
          ctx.stroke()
        }
      })
      ctx.restore()
    },
  })

  /** One row of bars and marks per series. */
  function rows(chart, styles, shown, look) {
    const kept = chart.rows.flatMap((row, at) => (shown.has(row.series) ? [at] : []))
    const drawn = kept.map(at => ({
      ...chart.rows[at],
      dots: chart.dots?.[at],
      interval: chart.intervals?.[at],
    }))
    const own = drawn.map(row => look.series[styles[row.series].colour])
    const pick = values => kept.map(at => values[at])
    const fill = (colour, row) => (row.doubtful ? hatched(colour, look.background) : colour)
    const bar = { barPercentage: 0.72, categoryPercentage: 0.9, maxBarThickness: 26, order: 2 }
    const spanOf = at => {
      const measured = chart.marks.filter(mark => mark.shape !== 'line')
      const values = measured.map(mark => mark.values[at]).filter(value => value !== null)
      return values.length === 0 ? null : [Math.min(...values), Math.max(...values)]
    }
    const spans = chart.span
      ? [
          {
            type: 'bar',
            label: '',
            data: kept.map(spanOf),
            backgroundColor: own.map(each => charts.pale(each, 0.28)),
            ...bar,
            barPercentage: 0.3,
            span: true,
          },
        ]
      : []
    const parts = chart.parts.map(part => ({
      type: 'bar',
      label: part.label,
      data: pick(part.values),
      texts: pick(part.texts),
      backgroundColor: drawn.map((row, at) =>
        fill(part.colour === 'series' ? own[at] : look.parts[part.colour], row),
      ),
      borderColor: drawn.map((_, at) => (part.colour === 'series' ? own[at] : look.parts[part.colour])),
      borderWidth: drawn.map(row => (row.doubtful ? 1 : 0)),
      ...bar,
    }))
    const marks = chart.marks.map(mark => ({
      type: 'line',
      label: mark.label,
      data: pick(mark.values),
      texts: pick(mark.texts),
      showLine: false,
      pointStyle: mark.shape,
      pointRotation: mark.shape === 'line' ? 90 : 0,
      pointRadius: mark.shape === 'line' ? 12 : 5,
      pointHoverRadius: mark.shape === 'line' ? 12 : 7,
      pointBorderWidth: mark.shape === 'circle' || mark.shape === 'rectRot' ? 1 : 2.5,
      pointBorderColor: mark.shape === 'line' ? look.text : own,
      pointBackgroundColor: own,
      order: 1,
    }))
    const sums = kept.map((_, at) => parts.reduce((sum, part) => sum + (part.data[at] ?? 0), 0))
    const values = [
      ...sums,
      ...marks.flatMap(mark => mark.data.filter(value => value !== null)),
      ...drawn.flatMap(row => [...(row.dots ?? []), ...(row.interval ?? [])]),
    ]
    const isStrong = row => row.series === look.pointed || look.chosen.has(row.series)
    const textWidth = charts.widest(
      drawn.map(row => row.text),
      look,
    )
    const labels = drawn.map(row => charts.fitted(row.label ?? styles[row.series].label, look))
    const labelWidth = charts.widest(labels, look) + 14
    // Where bars would have no room between names and numbers, the numbers are left to the table.
    const isRoomy = Math.min(innerWidth, document.body.clientWidth) - labelWidth - textWidth > leastBars
    const hasText = chart.showText && isRoomy
    const base = charts.common(look)
    return {
      type: 'bar',
      data: {
        labels,
        datasets: [...spans, ...parts, ...marks],
      },
      plugins: [spread(drawn, look), ...(hasText ? [rowTexts(drawn, look)] : [])],
      options: {
        ...base,
        indexAxis: 'y',
        layout: { padding: { right: hasText ? textWidth + 14 : 14 } },
        interaction: { mode: 'index', axis: 'y', intersect: false },
        scales: {
          x: { ...charts.valueScale(chart.value, values, look), stacked: chart.parts.length > 1 },
          y: {
            stacked: chart.parts.length > 1,
            grid: { display: false },
            border: { color: look.muted },
            // chart.js would cut names to give the bars more room.
            afterFit: axis => {
              axis.width = Math.max(axis.width, labelWidth)
            },
            ticks: {
              color: look.text,
              autoSkip: false,
              padding: 6,
              font: ({ index }) => ({
                size: look.size,
                weight: drawn[index] && isStrong(drawn[index]) ? 650 : 400,
              }),
            },
          },
        },
        plugins: {
          ...base.plugins,
          tooltip: {
            ...base.plugins.tooltip,
            filter: item => item.dataset.span !== true,
            callbacks: { label: item => ` ${item.dataset.label}: ${item.dataset.texts[item.dataIndex]}` },
          },
        },
      },
    }
  }

  return rows
})()
