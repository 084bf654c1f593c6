/** What a reader does with the report: the first screen, switches, focus, saved pictures. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import type { Locator, Page } from 'playwright-core'
import type { Result } from '../../../results/result.ts'
import { chapter, chartsIn } from '../arranged.ts'
import { measurementOf, resultOf } from '../fixture.ts'
import { open } from '../opened.ts'
import { fifteen, repeated, troubled } from '../results.ts'
import { mixed, stormSuite } from '../storms.ts'

const screen = { viewport: { width: 1280, height: 800 } }

const pixels = (canvas: Locator): Promise<string> =>
  canvas.evaluate(each => (each as unknown as { toDataURL: () => string }).toDataURL())

for (const [name, result] of Object.entries<Result>({
  'fifteen techniques': fifteen(),
  'techniques that failed': troubled(),
  'repeated runs': repeated(),
  storms: stormSuite(),
  'runs with and without a fault': mixed(),
}))
  test(`one screen shows what was measured, the answer and the whole picture of ${name}`, () =>
    open(
      result,
      async page => {
        for (const found of ['.subject', 'h1', '.answer', '.opening figure:visible .plot', '.opening .tools'])
          for (const part of await page.locator(found).filter({ visible: true }).all()) {
            const box = await part.boundingBox()
            assert.ok(
              box && box.y >= 0 && box.y + box.height <= 800,
              `${found} ends at ${box && box.y + box.height}`,
            )
          }
        assert.ok((await page.locator('.subject').boundingBox())?.height ?? 0 < 40)
      },
      screen,
    ))

for (const [name, result] of Object.entries<Result>({
  fifteen: fifteen(),
  failed: troubled(),
  storms: stormSuite(),
}))
  test(`no table of ${name} is cut off at 1280 px`, () =>
    open(
      result,
      async page => {
        const cut = await page
          .locator('section > .scroll:has(.comparison)')
          .evaluateAll(all =>
            all
              .map(box => box as unknown as { scrollWidth: number; clientWidth: number })
              .map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth),
          )
        assert.ok(cut.length > 0)
        assert.deepEqual(
          cut,
          cut.map(() => 0),
        )
      },
      screen,
    ))

test('another cost is one switch away', () =>
  open(fifteen(), async page => {
    const titles = () =>
      page.locator('.opening figure').filter({ visible: true }).locator('h3').allTextContents()
    const [before] = await titles()
    await page.getByRole('radio', { name: 'CPU per event' }).check()
    const [after, ...more] = await titles()
    assert.deepEqual(more, [])
    assert.notEqual(after, before)
    const canvas = page.locator('#scenario-1-picture-cpu')
    assert.ok(((await canvas.boundingBox())?.height ?? 0) > 200)
  }))

test('a linear axis is one switch away, and back', () =>
  open(fifteen(), async page => {
    const figure = page.locator('.opening figure:visible')
    const canvas = figure.locator('canvas')
    const logarithmic = await pixels(canvas)
    const button = figure.getByRole('button', { name: 'Linear axis' })
    await button.click()
    assert.equal(await button.getAttribute('aria-pressed'), 'true')
    assert.notEqual(await pixels(canvas), logarithmic)
    await button.click()
    assert.equal(await button.getAttribute('aria-pressed'), 'false')
    await page.mouse.move(0, 0)
    assert.equal(await pixels(canvas), logarithmic)
  }))

/** How many pixels of a canvas have exactly the colour of a style sheet's name. */
const inColour = (page: Page, id: string, name: string): Promise<number> =>
  page.evaluate(`(() => {
    const canvas = document.getElementById('${id}')
    const [r, g, b] = charts.readLook()${name}.match(/\\d+/g).map(Number)
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true })
    copy.drawImage(canvas, 0, 0)
    const { data } = copy.getImageData(0, 0, canvas.width, canvas.height)
    let count = 0
    for (let at = 0; at < data.length; at += 4)
      if (data[at] === r && data[at + 1] === g && data[at + 2] === b && data[at + 3] === 255) count++
    return count
  })()`)

test('many lines are grey until the keyboard is on one; Enter keeps it, Escape lets it go', () =>
  open(fifteen(), async page => {
    const id = 'scenario-1-latency-curve'
    const canvas = page.locator(`#${id}`)
    const said = page.locator('figure', { has: canvas }).locator('.said')
    const hue = () => inColour(page, id, '.series[0]')
    const grey = await hue()
    await canvas.focus()
    await page.keyboard.press('ArrowDown')
    assert.equal(await said.textContent(), 'page-refresh')
    assert.ok((await hue()) > grey + 300, `${grey} to ${await hue()} pixels`)
    await page.keyboard.press('Enter')
    assert.equal(await said.textContent(), 'page-refresh, chosen')
    assert.equal((await page.locator('.comparison tbody.chosen th').textContent())?.trim(), 'page-refresh')
    await canvas.blur()
    assert.ok((await hue()) > grey + 300)
    await canvas.focus()
    await page.keyboard.press('Escape')
    assert.equal(await page.locator('.comparison tbody.chosen').count(), 0)
    assert.equal(await hue(), grey)
  }))

test('few lines have the hues of their families without being pointed at', () =>
  open(repeated(), async page => {
    for (const hue of ['.series[0]', '.series[3]'])
      assert.ok((await inColour(page, 'scenario-1-latency-curve', hue)) > 100, hue)
  }))

test('pointing at the name of a line puts it in focus, a click chooses it', () =>
  open(fifteen(), async page => {
    const canvas = page.locator('#scenario-1-latency-curve')
    await canvas.scrollIntoViewIfNeeded()
    const { x, y } = (await page.evaluate(
      "(({ left, top, bottom }) => ({ x: left + 4, y: (top + bottom) / 2 }))(charts.focus.live.get('scenario-1-latency-curve').chart.$names.find(({ series }) => series === 12))",
    )) as { x: number; y: number }
    await canvas.hover({ position: { x, y } })
    assert.equal(await page.evaluate('charts.focus.state.pointed'), 12)
    await canvas.click({ position: { x, y } })
    assert.equal((await page.locator('.comparison tbody.chosen th').textContent())?.trim(), 'sse')
  }))

for (const kind of ['lines', 'points', 'rows'])
  test(`a figure of ${kind} can be saved as a picture for a slide`, () =>
    open(mixed(), async page => {
      const figure = page.locator(`figure:has(.plot.${kind})`).filter({ visible: true }).first()
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        figure.getByRole('button', { name: 'Save as PNG' }).click(),
      ])
      assert.match(download.suggestedFilename(), /^pushbench-[\w-]+\.png$/)
      const file = await readFile(await download.path())
      assert.equal(file.subarray(1, 4).toString('latin1'), 'PNG')
      assert.deepEqual([file.readUInt32BE(16), file.readUInt32BE(20)], [3_200, 1_800])
      // A picture of nothing but its background is a few kilobytes.
      assert.ok(file.length > 40_000, `${file.length} bytes`)
    }))

test('every figure with a chart has the button that saves it', () =>
  open(mixed(), async page => {
    const buttons = page
      .locator('figure:has(canvas)')
      .getByRole('button', { name: 'Save as PNG', includeHidden: true })
    assert.equal(await buttons.count(), await page.locator('canvas').count())
  }))

test('a picture says in its footer what was measured, on what and when', () =>
  open(fifteen(), async page => {
    assert.equal(
      await page.evaluate("JSON.parse(document.getElementById('data').textContent).setup"),
      '15 techniques · 100 clients · 2 events/s per stream, individual · 5 s measured · 2 cores · Example CPU 2.4 GHz · Node.js v26.10.0 · pushbench 0.1.0 · 2026-01-31 12:34 UTC',
    )
  }))

test('a stream has no share of empty responses, in chart and table', () =>
  open(fifteen(), async page => {
    const chart = chartsIn(chapter(fifteen(), 'scenario')[0] as never)['scenario-1-empty']
    assert.equal(chart?.kind, 'rows')
    const rows = chart?.kind === 'rows' ? chart.rows : []
    assert.deepEqual(
      rows.filter(({ text }) => text === 'not applicable').map(({ series }) => series),
      [7, 8, 9, 10, 11, 12, 13, 14],
    )
    const cell = page.locator('.comparison tbody[data-series="12"] .none')
    assert.deepEqual(await cell.allTextContents(), ['not applicable'])
    const silent = chartsIn(
      chapter(
        resultOf([
          measurementOf({ technique: 'polling', emptyRatio: null }),
          measurementOf({ technique: 'long-polling', emptyRatio: 0.1 }),
        ]),
        'scenario',
      )[0] as never,
    )['scenario-1-empty']
    assert.deepEqual(silent?.kind === 'rows' && silent.rows.map(({ text }) => text), ['no data', '10.0 %'])
  }))

test('repeated runs are dots with the interval of their median', () => {
  const charts = chartsIn(chapter(repeated(), 'scenario')[0] as never)
  const bars = charts['scenario-1-bytes'] === undefined ? undefined : charts['scenario-1-cpu']
  assert.equal(bars?.kind, 'rows')
  if (bars?.kind !== 'rows') return
  assert.deepEqual(
    bars.dots?.map(({ length }) => length),
    [3, 3],
  )
  const picture = charts['scenario-1-picture-egress']
  assert.equal(picture?.kind, 'points')
  if (picture?.kind !== 'points') return
  const values = repeated()
    .measurements.filter(({ technique }) => technique === 'polling')
    .map(({ latencyMicros }) => latencyMicros?.p50 ?? 0)
  assert.deepEqual(picture.points[0]?.y.runs, values)
  assert.deepEqual(picture.points[0]?.y.interval, [Math.min(...values), Math.max(...values)])
})

test('at 390 px no name of a bar and no word of a band is cut', () =>
  open(
    fifteen(),
    async page => {
      const ids = ['bytes', 'cpu', 'empty', 'picture-egress'].map(id => `scenario-1-${id}`)
      for (const id of ids) await page.locator(`#${id}`).scrollIntoViewIfNeeded()
      const cut = (id: string) =>
        page.waitForFunction(`Chart.getChart('${id}')`).then(() =>
          page.evaluate(`(() => {
            const { ctx, scales, chartArea, config } = Chart.getChart('${id}')
            ctx.save()
            ctx.font = '12px ' + getComputedStyle(document.body).fontFamily
            const labels = config.type === 'bar' ? scales.y.getLabels() : ['equally fast']
            const room = config.type === 'bar' ? scales.y.width : chartArea.width - 12
            const wide = labels.filter(label => ctx.measureText(label).width > room || scales.y.left < 0)
            ctx.restore()
            return wide
          })()`),
        )
      for (const id of ids) assert.deepEqual(await cut(id), [], id)
    },
    { viewport: { width: 390, height: 800 } },
  ))

test('a long name leaves room for the chart on a narrow page, and keeps both of its ends', () => {
  const result = resultOf([
    {
      ...measurementOf({ technique: 'sse' }),
      subject: { kind: 'module', name: './examples/express-better-sse/server.ts' },
    },
    measurementOf({ technique: 'websocket' }),
  ])
  return open(
    result,
    async page => {
      await page.waitForFunction('Object.keys(Chart.instances).length > 5')
      const shares = await page.evaluate<number[]>(
        'Object.values(Chart.instances).filter(({ width }) => width > 0).map(({ chartArea, width }) => chartArea.width / width)',
      )
      assert.ok(
        shares.every(share => share > 0.3),
        shares.join(),
      )
      const fitted = await page.evaluate<string>(
        "charts.fitted('sse · ./examples/express-better-sse/server.ts', charts.readLook())",
      )
      assert.match(fitted, /^sse · .*….*server\.ts$/)
    },
    { viewport: { width: 390, height: 800 } },
  )
})

test('an axis of nothing has no two ticks of one text', () => {
  const none = measurementOf({ technique: 'long-polling', emptyRatio: 0, predictedEmptyRatio: 1e-12 })
  return open(resultOf([none]), async page => {
    await page.waitForFunction("Chart.getChart('scenario-1-empty')")
    const ticks = await page.evaluate<string[]>(
      "Chart.getChart('scenario-1-empty').scales.x.ticks.map(({ label }) => label)",
    )
    assert.ok(ticks.length > 1)
    assert.equal(new Set(ticks).size, ticks.length, ticks.join())
  })
})

test('of many lines that end at one place the names have one leader to a bracket', () => {
  // A star, the shape of websocket, has strokes of its own.
  const techniques = ['polling', 'long-polling', 'sse', 'fetch-streaming']
  const leaders = (count: number): Promise<number> => {
    let found = 0
    return open(
      resultOf(techniques.slice(0, count).map(technique => measurementOf({ technique }))),
      async page => {
        await page.waitForFunction("Chart.getChart('scenario-1-latency-curve')")
        found = await page.evaluate<number>(`(() => {
          const chart = Chart.getChart('scenario-1-latency-curve')
          const { moveTo } = CanvasRenderingContext2D.prototype
          let count = 0
          chart.ctx.moveTo = function (x, y) {
            if (x > chart.chartArea.right + 1) count++
            return moveTo.call(this, x, y)
          }
          chart.draw()
          return count
        })()`)
      },
    ).then(() => found)
  }
  return leaders(3).then(async three => {
    assert.equal(three, 3)
    assert.equal(await leaders(4), 2, 'one to the bracket, and the bracket')
  })
})
