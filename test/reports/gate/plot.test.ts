/** The pictures of a finding, as text and in a browser. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import type { Browser } from 'playwright-core'
import type { Finding } from '../../../compare/finding.ts'
import { launchChromium } from '../../../pages/chromium.ts'
import { gateFormats } from '../../../reports/gate/index.ts'
import { plotOf } from '../../../reports/gate/plot.ts'
import { crowded, everyVerdict, findingOf, hostile } from './comparisons.ts'

const drawn = (own: Partial<Finding>): string => plotOf(findingOf(own))?.markup ?? ''
const sample = (...values: number[]) => ({ runs: values.length, median: values[1] ?? null, values })
/** Places along the axis, in per cent. */
const places = (text: string, attribute: string): number[] =>
  [...text.matchAll(new RegExp(`${attribute}="(-?[\\d.]+)%"`, 'g'))].map(([, place]) => Number(place))
const band = (text: string): string => text.slice(text.indexOf('class="minor"'))

describe('the pictures of a finding', () => {
  test('a dot for each run, from the least on the left to the largest on the right', () => {
    const text = drawn({ base: sample(100, 150, 200), head: sample(150, 250, 300), effect: null })
    assert.deepEqual(places(text, 'cx'), [0, 25, 50, 25, 75, 100])
    assert.match(text, /aria-label="Runs: base 100–200 µs, head 150–300 µs"/)
    assert.match(text, /text-anchor="start">100 µs<.*text-anchor="end">300 µs</s)
  })

  test('runs that never came stand at the edge, apart from those that did', () => {
    const never = Number.POSITIVE_INFINITY
    const text = drawn({ base: sample(100, 150, 200), head: sample(never, never, never), effect: never })
    assert.deepEqual(places(text, 'cx').slice(0, 6), [0, 44, 88, 100, 100, 100])
    assert.match(text, />never</)
    assert.doesNotMatch(text, /NaN|Infinity/)
  })

  test('nothing where all runs are the same, and no interval where there is no effect', () => {
    assert.equal(drawn({ base: sample(1, 1, 1), head: sample(1, 1, 1) }), '')
    assert.doesNotMatch(drawn({ effect: null, interval: null }), /class="interval"/)
  })

  test('an interval that leaves out no change does not cross the middle, and one that contains it does', () => {
    const [apart, across] = [
      { effect: 1.2, interval: { low: 1.1, high: 1.3 } },
      { effect: 1.05, interval: { low: 0.9, high: 1.3 } },
    ].map(own => band(drawn(own)))
    const span = (text = '') =>
      /class="interval" x1="([\d.]+)%" x2="([\d.]+)%"/.exec(text)?.slice(1).map(Number)
    const [near = 0, far = 0] = span(apart) ?? []
    assert.ok(50 < near && near < far && far < 100, `${near} to ${far}`)
    const [left = 100, right = 0] = span(across) ?? []
    assert.ok(left < 50 && 50 < right, `${left} to ${right}`)
  })

  test('a change by a factor is as far from the middle as its inverse', () => {
    const at = (effect: number) => places(band(drawn({ effect, interval: null })), 'cx')[0] ?? 0
    assert.ok(Math.abs(at(1.25) + at(0.8) - 100) < 0.011, `${at(1.25)} and ${at(0.8)}`)
  })
})

describe('the page of a comparison', () => {
  for (const width of [1280, 390])
    test(`${width} px wide: nothing scrolls sideways, and no picture reaches beyond it`, async context => {
      const folder = mkdtempSync(join(tmpdir(), 'pushbench-gate-page-'))
      const browser: Browser = await launchChromium()
      context.after(async () => {
        await browser.close()
        rmSync(folder, { recursive: true, force: true })
      })
      const page = await (await browser.newContext({ viewport: { width, height: 900 } })).newPage()
      for (const comparison of [everyVerdict, crowded, hostile]) {
        const file = join(folder, 'comparison.html')
        writeFileSync(file, gateFormats.html.render(comparison, {}))
        await page.goto(pathToFileURL(file).href)
        assert.equal(await page.evaluate('document.documentElement.scrollWidth'), width)
        const beyond = `[...document.querySelectorAll('.plot circle, .plot text')]
          .filter(each => each.getBoundingClientRect().right > innerWidth).length`
        assert.equal(await page.evaluate(beyond), 0)
        assert.ok(Number(await page.evaluate(`document.querySelectorAll('.plot circle').length`)) > 5)
      }
    })
})
