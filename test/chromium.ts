/** A real browser for tests, from npm alone; `CHROME_PATH` names another one to use instead. */
import chromium from '@sparticuz/chromium'
import { type Browser, chromium as launcher } from 'playwright-core'

// With one process for everything, closing a page takes the browser with it.
const args = chromium.args.filter(each => each !== '--single-process' && each !== '--no-zygote')

/** Starts a headless Chromium. The caller closes it. */
export async function launchChromium(): Promise<Browser> {
  const own = process.env['CHROME_PATH']
  return own === undefined || own === ''
    ? launcher.launch({ executablePath: await chromium.executablePath(), args, headless: true })
    : launcher.launch({ executablePath: own, args: ['--no-sandbox'], headless: true })
}
