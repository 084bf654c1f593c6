/**
 * A real browser: `CHROME_PATH`, an installed Chrome or Chromium, or the one that npm installs. Both packages are
 * optional: without browser clients no browser needs to be installed.
 */
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Browser, LaunchOptions } from 'playwright-core'
import { UsageError } from '../model/usage-error.ts'

const installedNames = ['google-chrome', 'google-chrome-stable', 'chromium', 'chromium-browser']
const packaged = '@sparticuz/chromium'
const driver = 'playwright-core'
/**
 * On a busy machine the packaged browser crashes in up to one of ten starts before it answers, and it cannot be started
 * while another process unpacks it.
 */
const starts = 5
const pauseMs = 500

/** A browser that browser clients can run in. */
export interface FoundBrowser {
  /** Where it comes from. */
  readonly origin: 'CHROME_PATH' | 'installed' | typeof packaged
  /** Its program; null for the packaged one, which unpacks itself when it is started. */
  readonly path: string | null
}

/** Checks that a browser and its driver are installed. @throws {UsageError} that says how to get them */
export function requireChromium(): FoundBrowser {
  if (!isInstalled(driver))
    throw new UsageError(
      `--browser-clients needs ${driver}: run "npm install ${driver} ${packaged}", or leave out the second where Chrome or Chromium is installed`,
    )
  const own = process.env['CHROME_PATH']
  if (own) {
    if (!isExecutable(own)) throw new UsageError(`CHROME_PATH: ${own} is not a program that can be run`)
    return { origin: 'CHROME_PATH', path: own }
  }
  const path = installedPath()
  if (path !== undefined) return { origin: 'installed', path }
  if (isInstalled(packaged)) return { origin: packaged, path: null }
  throw new UsageError(
    `--browser-clients needs a browser: install Chrome or Chromium, set CHROME_PATH, or run "npm install ${packaged}"`,
  )
}

/** Starts a headless Chromium. The caller closes it; it ends with this process all the same. @throws {UsageError} as {@link requireChromium} */
export async function launchChromium(): Promise<Browser> {
  const { path } = requireChromium()
  // The parent of a run decides what a signal means.
  const options = { headless: true, handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false }
  if (path !== null) return launch({ ...options, executablePath: path })
  const { default: chromium } = await import('@sparticuz/chromium')
  // With one process for everything, closing a page would end the browser.
  const args = chromium.args.filter(each => each !== '--single-process' && each !== '--no-zygote')
  return launch({ ...options, executablePath: await chromium.executablePath(), args })
}

/** Starts a browser, again where a start fails; the last failure is the caller's. */
async function launch(options: LaunchOptions): Promise<Browser> {
  const { chromium: launcher } = await import('playwright-core')
  for (let start = 1; start < starts; start++) {
    try {
      return await launcher.launch(options)
    } catch {
      await pause(pauseMs)
    }
  }
  return launcher.launch(options)
}

function installedPath(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(folder => folder !== '')
  return installedNames.flatMap(name => folders.map(folder => join(folder, name))).find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function isInstalled(name: string): boolean {
  try {
    import.meta.resolve(name)
    return true
  } catch {
    return false
  }
}
