/**
 * What all charts of the page share: the colours as they are now, the axis of numbers, tooltips. Runs in the page as a
 * plain script that depends on no technique and no metric; the only unit it uses is the one that an axis names.
 */
/* global Chart */
globalThis.charts = (() => {
  /** The colours of the style sheet as they are now: light, dark or printed. */
  function readLook(styles) {
    // A custom property reads back as it was written; only a colour that is in use is resolved to what it is now.
    const probe = document.body.appendChild(document.createElement('span'))
    const read = name => {
      probe.style.color = `var(${name})`
      return getComputedStyle(probe).color
    }
    const named = Object.fromEntries(
      ['text', 'muted', 'grid', 'shade', 'background'].map(name => [name, read(`--${name}`)]),
    )
    const numbered = (name, count) => Array.from({ length: count }, (_, index) => read(`--${name}-${index}`))
    const colours = 1 + Math.max(0, ...styles.map(style => style.colour))
    const look = { ...named, series: numbered('series', colours), parts: numbered('part', 3) }
    probe.remove()
    return look
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
  const linearLimits = (axis, values, grace) => ({
    type: 'linear',
    beginAtZero: true,
    grace,
    stepSize: roundStep(Math.max(0, ...values) / axis.size) * axis.size,
  })

  /** From decade to decade, with a tick at each: few and round. */
  function logLimits(values, floor, room) {
    const positive = values.filter(value => value > 0)
    const smallest = positive.reduce((a, b) => Math.min(a, b), positive[0] ?? 1)
    const largest = positive.reduce((a, b) => Math.max(a, b), smallest)
    const from = floor ?? 10 ** Math.floor(Math.log10(smallest))
    const to = 10 ** Math.ceil(Math.log10(largest * room))
    const isDecade = value => Number.isInteger(Number(Math.log10(value).toFixed(6)))
    return {
      type: 'logarithmic',
      min: from,
      max: Math.max(to, from * 10),
      afterBuildTicks: built => {
        const decades = built.ticks.filter(each => isDecade(each.value))
        built.ticks = floor === undefined ? decades : [{ value: floor }, ...decades]
      },
    }
  }

  /** The axis that carries the numbers; `values` are those that must fit, `grace` the room above them, of a log axis half a decade. */
  function valueScale(axis, values, look, grace = 0) {
    const { stepSize, ...limits } =
      axis.scale === 'log'
        ? logLimits(values, axis.floor, grace === 0 ? 1 : 3)
        : linearLimits(axis, values, grace)
    return {
      ...limits,
      grid: { color: look.grid, drawTicks: false },
      border: { display: false },
      ticks: {
        color: look.muted,
        padding: 6,
        maxRotation: 0,
        stepSize,
        callback: value => (value === axis.floor ? '0' : tick(value, axis)),
      },
    }
  }

  const tooltip = look => ({
    backgroundColor: look.background,
    titleColor: look.text,
    bodyColor: look.text,
    borderColor: look.grid,
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

  return { readLook, pale, valueScale, common }
})()
