/** The report in a real browser, opened from disk. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Locator, Page } from 'playwright-core'
import { columnsOf } from '../../reports/chapters/columns.ts'
import { metric } from '../../results/metrics.ts'
import type { Result } from '../../results/result.ts'
import { scenarios } from './arranged.ts'
import { measurementOf, resultOf } from './fixture.ts'
import { open } from './opened.ts'
import { fifteen, fourTechniques, hostile, repeated, troubled, twoScenarios } from './results.ts'
import { hostileStorm, mixed, stallMeasurementOf, stormSuite, troubledStorms } from './storms.ts'

/** Of every canvas, how many different colours it shows; 1 is blank. */
const coloursOf = (page: Page): Promise<number[]> =>
  page.locator('figure:not([hidden]) canvas').evaluateAll(all =>
    all.map(canvas => {
      const drawn = canvas as unknown as {
        width: number
        height: number
        getContext: (kind: string) => { getImageData: (...at: number[]) => { data: Uint8ClampedArray } }
      }
      const { data } = drawn.getContext('2d').getImageData(0, 0, drawn.width, drawn.height)
      return new Set(new Uint32Array(data.buffer)).size
    }),
  )

const seriesOf = (result: Result) => scenarios(result).flatMap(({ series }) => series)

/** The places of the series that a chart draws. */
const seriesIn = (page: Page, id: string): Promise<number[]> =>
  page.evaluate(
    `JSON.parse(document.getElementById('data').textContent).charts['${id}'].lines.map(line => line.series)`,
  )

const textOf = async (found: Locator): Promise<string> => (await found.textContent()) ?? ''

const overflow = (page: Page): Promise<number> =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')

const visibleRows = (page: Page): Promise<string[]> =>
  page.locator('.comparison tbody:visible th').allTextContents()

const cases: readonly [string, Result, number][] = [
  ['four techniques', fourTechniques(), 8],
  ['fifteen techniques', fifteen(), 8],
  ['failed and lossy techniques', troubled(), 8],
  ['three runs', repeated(), 7],
  ['two scenarios', twoScenarios(), 13],
  ['hostile text', hostile(), 6],
  ['no measurement', resultOf([]), 0],
  ['storms', stormSuite(), 10],
  ['storms that went wrong', troubledStorms(), 3],
  ['a stall', resultOf([stallMeasurementOf('sse'), stallMeasurementOf('polling')]), 1],
  ['baseline runs and storms', mixed(), 12],
]

for (const [name, result, charts] of cases) {
  for (const [width, colorScheme] of [
    [390, 'dark'],
    [1280, 'light'],
  ] as const) {
    test(`${name} at ${width} px, ${colorScheme}: every chart is drawn, the page does not scroll sideways`, () =>
      open(
        result,
        async page => {
          const colours = await coloursOf(page)
          assert.equal(colours.length, charts)
          assert.ok(
            colours.every(count => count > 3),
            `colours per canvas: ${colours.join(', ')}`,
          )
          assert.equal(await overflow(page), 0)
        },
        { viewport: { width, height: 900 }, colorScheme },
      ))
  }
}

test('the comparison table holds the numbers of the result', () =>
  open(fourTechniques(), async page => {
    const rows = await page
      .locator('.comparison tbody tr')
      .evaluateAll(all =>
        all.map(row =>
          [...row.querySelectorAll('td')].map(cell => cell.querySelector('data')?.value ?? null),
        ),
      )
    assert.deepEqual(
      rows,
      fourTechniques().measurements.map(measurement =>
        columnsOf(seriesOf(fourTechniques())).map(column => {
          const value = metric(column.metric).read(measurement)
          return value === null ? null : String(value)
        }),
      ),
    )
  }))

test('every chart has a title, a sentence, a label and its numbers', () =>
  open(fourTechniques(), async page => {
    const figures = page.locator('figure')
    assert.equal(await figures.count(), 9)
    for (const figure of await figures.all()) {
      assert.notEqual(await textOf(figure.locator('h3')), '')
      assert.notEqual(await textOf(figure.locator('.drawn')), '')
      assert.match(await textOf(figure.locator('figcaption p')), /\.$/)
      assert.match((await figure.locator('canvas').getAttribute('aria-label')) ?? '', /has the same numbers/)
      assert.ok((await figure.locator('details data').count()) > 0)
    }
  }))

test('a technique that failed is marked, shown with the reason, and absent from the latency charts', () =>
  open(troubled(), async page => {
    const row = page.locator('.comparison tbody[data-series="2"]')
    assert.match(await textOf(row), /failed/)
    assert.match(await textOf(row), /120 of 1,000 deliveries were lost/)
    const curve = page.locator('figure', { hasText: 'Latency by percentile' })
    assert.deepEqual(await seriesIn(page, 'scenario-1-latency-curve'), [0, 1])
    assert.match(await textOf(curve.locator('.note')), /Not drawn.*sse and websocket/)
  }))

test('a technique can be switched off and on by keyboard, in tables, legends and charts', () =>
  open(fourTechniques(), async page => {
    const pixels = () =>
      page
        .locator('figure:not([hidden]) canvas')
        .evaluateAll(all => all.map(each => (each as unknown as { toDataURL: () => string }).toDataURL()))
    const drawnBefore = await pixels()
    await page.getByText('Techniques shown').click()
    await page.getByRole('checkbox', { name: 'polling', exact: true }).focus()
    await page.keyboard.press('Space')
    assert.deepEqual(
      (await visibleRows(page)).map(text => text.trim()),
      ['long-polling', 'sse', 'websocket'],
    )
    const drawnWithout = await pixels()
    assert.ok(drawnBefore.every((each, at) => each !== drawnWithout[at]))
    await page.keyboard.press('Space')
    assert.equal((await visibleRows(page)).length, 4)
    assert.deepEqual(await pixels(), drawnBefore)
  }))

test('all and none switch every technique, and no chart breaks without one', () =>
  open(fifteen(), async page => {
    await page.getByText('Techniques shown').click()
    await page.getByRole('button', { name: 'None' }).click()
    assert.equal((await visibleRows(page)).length, 0)
    await page.getByRole('button', { name: 'All' }).click()
    assert.equal((await visibleRows(page)).length, 15)
    assert.ok((await coloursOf(page)).every(count => count > 3))
  }))

test('charts follow the colour scheme and print in dark ink', () =>
  open(
    fourTechniques(),
    async page => {
      const look = () => page.evaluate('charts.readLook().text')
      assert.equal(await look(), 'rgb(232, 234, 238)')
      await page.emulateMedia({ colorScheme: 'light' })
      assert.equal(await look(), 'rgb(26, 29, 35)')
      await page.emulateMedia({ colorScheme: 'dark', media: 'print' })
      assert.equal(await look(), 'rgb(26, 29, 35)')
      assert.equal(await page.locator('.switches').isVisible(), false)
      const pdf = await page.pdf({ format: 'A4' })
      assert.equal(pdf.subarray(0, 5).toString(), '%PDF-')
    },
    { colorScheme: 'dark' },
  ))

for (const [name, result] of [
  ['of troubled techniques', troubled()],
  ['of fifteen techniques', fifteen()],
  ['and the storms of a suite', stormSuite()],
  ['and the storms of several runs', mixed()],
] as const) {
  test(`on paper the comparison table ${name} fit the page`, () =>
    open(
      result,
      async page => {
        await page.emulateMedia({ media: 'print' })
        assert.equal(await overflow(page), 0)
      },
      { viewport: { width: 700, height: 990 } },
    ))
}

for (const [where, result] of [
  ['a baseline run', hostile()],
  ['a storm', hostileStorm()],
] as const) {
  test(`hostile text of ${where} runs nothing and stands on the page as text`, () =>
    open(result, async page => {
      assert.notEqual(await page.title(), 'pwned')
      assert.equal(await page.locator('img').count(), 0)
      assert.match(await textOf(page.locator('h1')), /<\/script><img src=x onerror=/)
    }))
}

test('a policy switched off leaves every table and chart of the storm, and the others stay', () =>
  open(stormSuite(), async page => {
    const section = page.locator('section#storm-1')
    const peaks = section.locator('table.storm').first().locator('tbody:visible')
    assert.equal(await peaks.count(), 12)
    const drawn = await page.locator('#storm-1-trade-off').screenshot()
    await page.getByText('Techniques shown').click()
    await page.getByRole('checkbox', { name: 'sse · restart · none' }).uncheck()
    assert.equal(await peaks.count(), 11)
    assert.notDeepEqual(await page.locator('#storm-1-trade-off').screenshot(), drawn)
  }))

test('every chart of a storm has its numbers in a table, and the fault on its axis of time', () =>
  open(stormSuite(), async page => {
    for (const figure of await page.locator('.opening figure, section#storm-1 figure').all()) {
      assert.ok((await figure.locator('details data').count()) > 0)
      assert.notEqual(await textOf(figure.locator('figcaption p')), '')
    }
    const charts = (await page.evaluate(
      "Object.entries(JSON.parse(document.getElementById('data').textContent).charts)",
    )) as [string, { uprights?: { at: number; label: string }[] }][]
    const marked = charts.filter(([id]) => /^storm-1-policy/.test(id))
    assert.equal(marked.length, 6)
    for (const [, chart] of marked) {
      assert.deepEqual(chart.uprights, [
        { at: 0, label: 'restart' },
        { at: 2_050_000, label: 'server back' },
      ])
    }
  }))

test('without a histogram that can be read, the stored quantiles are drawn', () => {
  const measurement = measurementOf({ technique: 'sse' })
  const { latencyMicros } = measurement
  assert.ok(latencyMicros)
  const broken = { ...measurement, latencyMicros: { ...latencyMicros, histogram: 'not a histogram' } }
  return open(resultOf([broken]), async page => {
    assert.ok((await coloursOf(page)).every(count => count > 3))
  })
})
