/** A real browser for tests: the one that browser clients use. */
export { launchChromium } from '../pages/chromium.ts'
