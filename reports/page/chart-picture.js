/**
 * A figure as a picture for a slide: its title, what is drawn, the chart with its legend, and how it was measured, in
 * the colours that the page has now.
 */
/* global Chart, charts */
charts.picture = (() => {
  const [width, height, margin] = [1600, 900, 48]
  /** Pixels of the picture for each of its units. */
  const ratio = 2

  /** Text in lines that fit. */
  function wrapped(pen, text, most) {
    const lines = []
    let line = ''
    for (const word of text.split(' ')) {
      const longer = line === '' ? word : `${line} ${word}`
      if (line !== '' && pen.measureText(longer).width > most) {
        lines.push(line)
        line = word
      } else line = longer
    }
    return [...lines, line]
  }

  /** Text from a place down. @returns the place below it */
  function write(pen, text, { y, font, size, colour, rows }) {
    pen.font = font
    pen.fillStyle = colour
    const lines = wrapped(pen, text, width - 2 * margin)
    const kept = lines.slice(0, rows)
    if (lines.length > rows) kept[rows - 1] += ' …'
    for (const [at, line] of kept.entries()) pen.fillText(line, margin, y + (at + 1) * size * 1.25)
    return y + kept.length * size * 1.25
  }

  /** What hues, shades and shapes stand for, in one row. */
  function legend(pen, items, y, look) {
    pen.font = look.font()
    let x = margin
    for (const { text, colour, outline } of items) {
      pen.save()
      pen.translate(x + 8, y - 6)
      pen.scale(1.7, 1.7)
      pen.fillStyle = pen.strokeStyle = colour
      pen.lineWidth = 1.5
      const path = new Path2D(outline)
      pen.fill(path)
      pen.stroke(path)
      pen.restore()
      pen.fillStyle = look.text
      pen.fillText(text, x + 22, y)
      x += pen.measureText(text).width + 52
    }
  }

  const patch = 'M-5 -5H5V5H-5z'

  /** The legend of a chart: families, and what the bars and marks of rows are. */
  function legendOf(chart, { styles, shapes }, look) {
    const families = new Map(styles.flatMap(style => (style.family === null ? [] : [[style.family, style]])))
    const parts = (chart.parts ?? []).filter(part => part.colour !== 'series')
    const isColouredBySeries = parts.length === 0
    return [
      ...(isColouredBySeries ? [...families] : []).map(([text, { colour, shape }]) => ({
        text,
        colour: look.series[colour],
        outline: chart.kind === 'rows' ? patch : shapes[shape],
      })),
      ...parts.map(({ label, colour }) => ({ text: label, colour: look.parts[colour], outline: patch })),
      ...(chart.marks ?? []).map(({ label, shape }) => ({
        text: label,
        colour: look.muted,
        outline: shape === 'line' ? 'M0 -6V6' : shapes[shape],
      })),
    ]
  }

  /** The chart alone, on a canvas of its own. */
  function plotOf(chart, data, shown, look, size) {
    const canvas = document.createElement('canvas')
    canvas.width = size.width
    canvas.height = size.height
    const config = charts[chart.kind](chart, data.styles, shown, look)
    const drawn = new Chart(canvas, {
      ...config,
      options: { ...config.options, responsive: false, devicePixelRatio: ratio },
    })
    return { canvas, destroy: () => drawn.destroy() }
  }

  /**
   * Draws the picture.
   * @param words the `title` of the figure, its `subject` with the unit, and the `setup` for the footer
   * @returns the canvas
   */
  return function picture(chart, words, data, shown, focus) {
    const look = Object.assign(charts.readLook(19), focus)
    const sheet = document.createElement('canvas')
    sheet.width = width * ratio
    sheet.height = height * ratio
    const pen = sheet.getContext('2d')
    pen.scale(ratio, ratio)
    pen.fillStyle = look.background
    pen.fillRect(0, 0, width, height)
    const bold = `680 34px ${look.family}`
    let y = write(pen, words.title, { y: 24, font: bold, size: 34, colour: look.text, rows: 2 })
    y = write(pen, words.subject, { y: y + 4, font: look.font(), size: 19, colour: look.muted, rows: 1 })
    const items = legendOf(chart, data, look)
    if (items.length > 0) y += 38
    legend(pen, items, y, look)
    const foot = `400 17px ${look.family}`
    const footHeight = 72
    write(pen, words.setup, { y: height - footHeight + 4, font: foot, size: 17, colour: look.muted, rows: 2 })
    const size = { width: width - 2 * margin, height: height - footHeight - y - 26 }
    const plot = plotOf(chart, data, shown, look, size)
    pen.drawImage(plot.canvas, margin, y + 18, size.width, size.height)
    plot.destroy()
    return sheet
  }
})()
