/**
 * What all charts of the page share: the colours as they are now, the axis of numbers, tooltips, and what is in focus.
 * Runs in the page as a plain script that depends on no technique and no metric; the only unit it uses is the one that
 * an axis names.
 */
/* global Chart */
globalThis.charts = (() => {
  /** More lines than this are grey until one of them is pointed at or chosen. */
  const mostColoured = 5

  /** The colours of the style sheet as they are now (light, dark or printed), and the size of the type in pixels. */
  function readLook(size = 12) {
    // A custom property reads back as it was written; only a colour that is in use is resolved to what it is now.
    const probe = document.body.appendChild(document.createElement('span'))
    const read = name => {
      probe.style.color = `var(${name})`
      return getComputedStyle(probe).color
    }
    const names = ['text', 'muted', 'grid', 'shade', 'background', 'faded']
    const named = Object.fromEntries(names.map(name => [name, read(`--${name}`)]))
    const numbered = (name, count) => Array.from({ length: count }, (_, index) => read(`--${name}-${index}`))
    const family = getComputedStyle(document.body).fontFamily
    const look = {
      ...named,
      series: numbered('series', 6),
      parts: numbered('part', 3),
      size,
      family,
      font: (weight = 400) => `${weight} ${size}px ${family}`,
      /** The series that somebody points at, and those that were chosen. */
      pointed: null,
      chosen: new Set(),
    }
    probe.remove()
    return look
  }

  /** `strong`, `normal` or `faded`: how a series stands out among those that a chart draws. */
  function emphasis(look, series, drawn) {
    if (series === look.pointed || look.chosen.has(series)) return 'strong'
    const isElsewhere = drawn.some(each => each === look.pointed || look.chosen.has(each))
    return isElsewhere || drawn.length > mostColoured ? 'faded' : 'normal'
  }

  /** `rgb(1, 2, 3)` let through by the share `opacity`. */
  const pale = (colour, opacity) => colour.replace('rgb(', 'rgba(').replace(')', `, ${opacity})`)

  /** A stored value as a tick: `0.1 ms`, `1,000 ms`. */
  const tick = (value, axis) =>
    Number((value / axis.size).toPrecision(6)).toLocaleString('en-US', { maximumFractionDigits: 4 }) +
    axis.unit

  /** 1, 2 or 5 times a power of ten: the step that makes about five ticks up to `largest`. */
  function roundStep(largest) {
    if (!(largest > 0)) return 1
    const rough = largest / 5
    const decade = 10 ** Math.floor(Math.log10(rough))
    return decade * [1, 2, 5, 10].find(factor => factor * decade >= rough * 0.999)
  }

  /** From zero, with ticks that are round in the unit shown: KiB, not bytes. */
  const linearLimits = (axis, values, grace) => {
    // Values that are all nothing, or next to it, would have one tick after the other at 0.
    const largest = Math.max(0, ...values)
    const most = largest < axis.size / 100 ? axis.size : largest
    return {
      type: 'linear',
      beginAtZero: true,
      suggestedMax: most,
      grace,
      stepSize: roundStep(most / axis.size) * axis.size,
    }
  }

  /** Ticks at 1, 2 and 5 of each decade where there are few, else at each decade: round in the unit shown. */
  function logTicks(axis, from, to) {
    const decades = Math.log10(to / from)
    const factors = decades <= 2.2 ? [1, 2, 5] : [1]
    const first = Math.floor(Math.log10(from / axis.size))
    return Array.from({ length: Math.ceil(decades) + 2 }, (_, at) => 10 ** (first + at) * axis.size)
      .flatMap(decade => factors.map(factor => factor * decade))
      .filter(value => value >= from * 0.999 && value <= to * 1.001)
  }

  /** The next number of 1, 2 and 5 in some decade, of the unit shown; down where `way` is negative. */
  function roundTo(value, axis, way) {
    const decade = 10 ** Math.floor(Math.log10(value / axis.size)) * axis.size
    const steps = [1, 2, 5, 10].map(factor => factor * decade)
    return way < 0 ? steps.findLast(step => step <= value * 1.001) : steps.find(step => step >= value * 0.999)
  }

  /**
   * From the smallest to the largest value, to the next round number each, and at least a decade; where points stand
   * alone, with some room around them instead.
   */
  function logLimits(axis, values, { room, isTight }) {
    const positive = values.filter(value => value > 0)
    const smallest = positive.reduce((a, b) => Math.min(a, b), positive[0] ?? axis.size)
    const largest = positive.reduce((a, b) => Math.max(a, b), smallest) * room
    const slack = Math.max(1.35, Math.sqrt((4 * smallest) / largest))
    const from = isTight ? smallest / slack : (axis.floor ?? roundTo(smallest, axis, -1))
    const to = isTight ? largest * slack : Math.max(roundTo(largest, axis, 1), from * 10)
    const ticks = logTicks(axis, from, to)
    return {
      type: 'logarithmic',
      min: from,
      max: to,
      afterBuildTicks: built => {
        const all = axis.floor === undefined ? ticks : [axis.floor, ...ticks]
        built.ticks = all.map(value => ({ value }))
      },
    }
  }

  /**
   * The axis that carries the numbers; `drawn` are the values that must fit.
   * @param grace room above the values: a share of a linear axis, half a decade of a log one
   * @param isTight whether a log axis ends close to its values
   */
  function valueScale(axis, drawn, look, { grace = 0, isTight = false } = {}) {
    const values = axis.most === undefined ? drawn : [...drawn, axis.most]
    const { stepSize, ...limits } =
      axis.scale === 'log'
        ? logLimits(axis, values, { room: grace === 0 || isTight ? 1 : 3, isTight })
        : linearLimits(axis, values, grace)
    return {
      ...limits,
      grid: { color: look.grid, drawTicks: false },
      border: { display: false },
      title: charts.axisTitle(axis.title, look),
      ticks: {
        color: look.muted,
        font: { size: look.size },
        padding: 6,
        maxRotation: 0,
        autoSkipPadding: look.size,
        stepSize,
        callback: value => (value === axis.floor ? '0' : tick(value, axis)),
      },
    }
  }

  /** The name of an axis; on a narrow page in two lines, because chart.js would squeeze it. */
  function axisTitle(text, look) {
    const middle = text === undefined || innerWidth > 600 ? -1 : text.indexOf(' ', text.length / 2 - 3)
    return {
      display: text !== undefined,
      text: middle < 0 ? text : [text.slice(0, middle), text.slice(middle + 1)],
      color: look.muted,
      font: { size: look.size },
    }
  }

  const tooltip = look => ({
    backgroundColor: look.background,
    titleColor: look.text,
    bodyColor: look.text,
    borderColor: look.muted,
    borderWidth: 1,
    padding: 10,
    usePointStyle: true,
  })

  const common = look => ({
    animation: false,
    responsive: true,
    maintainAspectRatio: false,
    plugins: { legend: { display: false }, tooltip: tooltip(look) },
  })

  /** The width of the longest of some texts in pixels. */
  function widest(texts, look) {
    const pen = document.createElement('canvas').getContext('2d')
    pen.font = look.font(600)
    return Math.max(0, ...texts.map(text => pen.measureText(text).width))
  }

  /**
   * A name that leaves room for what it names: from the middle of a long one, such as the path of a module, letters give
   * way, because names differ at their ends.
   */
  function fitted(text, look) {
    const most = Math.max(13 * look.size, innerWidth / 5)
    const cut = kept =>
      kept >= text.length
        ? text
        : `${text.slice(0, Math.ceil(kept / 3))}…${text.slice(-Math.floor((kept * 2) / 3))}`
    let kept = text.length
    while (kept > 3 && widest([cut(kept)], look) > most) kept--
    return cut(kept)
  }

  return { readLook, emphasis, pale, axisTitle, valueScale, common, widest, fitted }
})()
