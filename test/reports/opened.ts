/** Reports opened in a real browser, from disk: one browser for each test file. */
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before } from 'node:test'
import { pathToFileURL } from 'node:url'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { launchChromium } from '../../pages/chromium.ts'
import { formats } from '../../reports/index.ts'
import type { Result } from '../../results/result.ts'

let browser: Browser
let folder: string

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pushbench-page-'))
  browser = await launchChromium()
})
after(async () => {
  await browser.close()
  await rm(folder, { recursive: true, force: true })
})

/** Opens a report and fails on anything the page complains about or asks for. */
export async function open(
  result: Result,
  use: (page: Page) => Promise<void>,
  options: BrowserContextOptions = {},
): Promise<void> {
  const file = join(folder, 'report.html')
  await writeFile(file, formats.html.render(result))
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
  try {
    const page = await context.newPage()
    const complaints: string[] = []
    const requests: string[] = []
    page.on('console', message => complaints.push(message.text()))
    page.on('pageerror', error => complaints.push(error.message))
    page.on('request', request => requests.push(request.url()))
    const url = pathToFileURL(file).href
    await page.goto(url)
    await use(page)
    assert.deepEqual(complaints, [])
    // What a page saves is an object of its own.
    assert.deepEqual(
      requests.filter(each => each !== 'data:,' && !each.startsWith('blob:')),
      [url],
    )
  } finally {
    await context.close()
  }
}
