/**
 * The names of lines and points within a chart. A chart keeps where it wrote them, so that pointing at a name is pointing
 * at its series.
 */
/* global charts */
charts.labels = (() => {
  const overlap = (a, b) =>
    Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left)) *
    Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top))

  /** The boxes that fit above each other, those that stand out first, each as near to its `y` as the others let it. */
  function stacked(wanted, top, bottom, height) {
    const room = Math.max(1, Math.floor((bottom - top) / height))
    const kept = wanted
      .toSorted((a, b) => Number(b.strong) - Number(a.strong))
      .slice(0, room)
      .sort((a, b) => a.y - b.y)
    // Down the column each is pushed below the one before, then up the column from the bottom edge.
    let edge = top
    for (const each of kept) {
      each.at = Math.max(each.y - height / 2, edge)
      edge = each.at + height
    }
    edge = bottom
    for (const each of kept.toReversed()) {
      each.at = Math.min(each.at, edge - height)
      edge = each.at
    }
    return kept
  }

  function write(ctx, text, x, y, { strong, faded }, look) {
    ctx.font = look.font(strong ? 650 : 450)
    // A rim in the colour of the page keeps a name readable where a line runs behind it.
    ctx.strokeStyle = look.background
    ctx.lineWidth = look.size / 3
    ctx.lineJoin = 'round'
    ctx.strokeText(text, x, y)
    ctx.fillStyle = faded ? look.muted : look.text
    ctx.fillText(text, x, y)
  }

  function leader(ctx, from, to, look) {
    ctx.strokeStyle = look.faded
    ctx.lineWidth = 1
    ctx.beginPath()
    ctx.moveTo(from.x, from.y)
    ctx.lineTo(to.x, to.y)
    ctx.stroke()
  }

  /** Names in the order of the column, those together whose lines end at one place. */
  function gathered(kept, height) {
    const groups = []
    for (const each of kept) {
      const group = groups.at(-1)
      if (group !== undefined && each.y - group[0].y < height / 2) group.push(each)
      else groups.push([each])
    }
    return groups
  }

  /** More lines than this that end at one place share a leader: a fan of them points at nothing. */
  const mostLeaders = 3

  /** From the end of each line to its name; where many end at one place, one to a bracket along their names. */
  function leaders(ctx, group, from, left, height, look) {
    const middles = group.map(each => each.at + height / 2)
    if (group.length <= mostLeaders) {
      group.forEach((each, index) => {
        leader(ctx, { x: from, y: each.y }, { x: left - 12, y: middles[index] }, look)
      })
      return
    }
    const [first, last] = [middles[0], middles.at(-1)]
    const x = left - 14
    leader(ctx, { x, y: first }, { x, y: last }, look)
    leader(ctx, { x: from, y: group[0].y }, { x, y: Math.min(Math.max(group[0].y, first), last) }, look)
  }

  /**
   * Names in a column to the right of the plot, each at the end of its line.
   * @param ends the last point of each line: `{ series, text, y, colour, strong, faded }`
   */
  function atEnds(chart, ends, look) {
    const { ctx, chartArea } = chart
    const height = look.size * 1.22
    const left = chartArea.right + 24
    ctx.save()
    ctx.textBaseline = 'middle'
    ctx.textAlign = 'left'
    const kept = stacked(ends, chartArea.top - 4, chartArea.bottom + 4, height)
    for (const group of gathered(kept, height)) leaders(ctx, group, chartArea.right + 2, left, height, look)
    chart.$names = kept.map(each => {
      const y = each.at + height / 2
      ctx.fillStyle = each.colour
      ctx.fillRect(left - 10, y - 3, 6, 6)
      write(ctx, each.text, left, y, each, look)
      return { series: each.series, left, right: chart.width, top: each.at, bottom: each.at + height }
    })
    ctx.restore()
  }

  /** Places around a point for a name of some width, the nearest and the most usual first. */
  function* around({ x, y }, width, height) {
    for (const step of [0.65, 1.4, 2.3, 3.3, 4.5, 6, 7.6, 9.5, 11.7]) {
      const distance = step * height
      for (const turn of [0, 1, -0.25, 0.25, -0.5, 0.5, -0.12, 0.12, -0.75, 0.75, -0.38, 0.38]) {
        const [dx, dy] = [Math.cos(turn * Math.PI) * distance, Math.sin(turn * Math.PI) * distance]
        const left = Math.abs(dx) < 1 ? x - width / 2 : dx > 0 ? x + dx : x + dx - width
        const top = y + dy - height / 2
        yield { left, top, right: left + width, bottom: top + height, distance }
      }
    }
  }

  /** True for a name that needs a line to its point. */
  const isFar = ({ distance, top, bottom }) => distance > bottom - top

  /** Where a line from a name leads to its point. */
  const anchor = (point, box) => ({
    x: Math.min(Math.max(point.x, box.left), box.right),
    y: Math.min(Math.max(point.y, box.top + 2), box.bottom - 2),
  })

  /** Small boxes along the line from a point to a name, but for its first stretch. */
  const along = (point, end) =>
    [0.35, 0.5, 0.65, 0.8, 0.95].map(share => {
      const [x, y] = [point.x + (end.x - point.x) * share, point.y + (end.y - point.y) * share]
      return { left: x - 2, right: x + 2, top: y - 2, bottom: y + 2 }
    })

  const covered = (box, taken) => taken.reduce((sum, other) => sum + overlap(box, other), 0)

  /** The cheapest place: near, within the plot, on no point and no other name, with a line that crosses none. */
  function bestPlace(point, width, height, area, taken) {
    let [best, least] = [null, Number.POSITIVE_INFINITY]
    for (const box of around(point, width, height)) {
      const isInside =
        box.left >= area.left && box.right <= area.right && box.top >= area.top && box.bottom <= area.bottom
      const line = isFar(box) ? along(point, anchor(point, box)) : []
      const crossed = line.reduce((sum, each) => sum + covered(each, taken), 0)
      const cost = box.distance + covered(box, taken) * 4 + crossed * 6 + (isInside ? 0 : 10_000)
      if (cost < least) [best, least] = [box, cost]
    }
    return best
  }

  /** Names next to points, with a line to the point where a name had to move away. */
  function nextTo(chart, points, look) {
    const { ctx, chartArea } = chart
    const height = look.size * 1.3
    const drawn = points.map(({ x, y }) => ({
      left: x - look.size * 0.55,
      right: x + look.size * 0.55,
      top: y - look.size * 0.55,
      bottom: y + look.size * 0.55,
    }))
    ctx.save()
    ctx.textBaseline = 'middle'
    ctx.textAlign = 'left'
    ctx.font = look.font(650)
    const ordered = points.toSorted((a, b) => Number(b.strong) - Number(a.strong) || b.x - a.x)
    const taken = [...drawn, ...(chart.$taken ?? [])]
    chart.$names = ordered.map(point => {
      const { width } = ctx.measureText(point.text)
      const box = bestPlace(point, width + 4, height, chartArea, taken)
      taken.push(box, ...(isFar(box) ? along(point, anchor(point, box)) : []))
      return { ...box, series: point.series, point }
    })
    for (const { point, ...box } of chart.$names) if (isFar(box)) leader(ctx, point, anchor(point, box), look)
    for (const { point, ...box } of chart.$names)
      write(ctx, point.text, box.left + 2, (box.top + box.bottom) / 2, point, look)
    ctx.restore()
  }

  /** The series whose name is at a place of the canvas; null where none is. */
  const at = (chart, x, y) =>
    chart.$names?.find(box => x >= box.left && x <= box.right && y >= box.top && y <= box.bottom)?.series ??
    null

  return { atEnds, nextTo, at }
})()
