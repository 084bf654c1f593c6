/** The shell of every HTML page: one file that opens from disk, loads nothing and runs only scripts of our own. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type Markup, markup, scriptJson, trusted } from '../markup.ts'

/** What a page is made of. */
export interface Page {
  readonly title: string
  /** Of pushbench. */
  readonly version: string
  readonly header: Markup
  readonly main: Markup
  /** What the scripts draw; without it the page has none. */
  readonly data?: unknown
}

const asset = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8')

/** In the order of the cascade. */
const styleSheets = ['colours.css', 'page.css', 'tables.css', 'figures.css', 'gate.css', 'print.css']

/** In the order in which they build on each other. */
const scriptFiles = [
  'charts.js',
  'chart-labels.js',
  'chart-lines.js',
  'chart-points.js',
  'chart-rows.js',
  'chart-picture.js',
  'focus.js',
  'page.js',
]

/** chart.js for a plain script element. Its exports map does not list the file; it lies next to the main entry. */
const chartLibrary = (): string =>
  readFileSync(new URL('chart.umd.min.js', import.meta.resolve('chart.js')), 'utf8').replace(
    /^\/\/# sourceMappingURL=.*$/m,
    '',
  )

/** A script that is our own. The browser runs it only because the policy names its hash. */
interface Script {
  readonly element: Markup
  readonly hash: string
}

function script(source: string): Script {
  // The one sequence that could end the element early; in JavaScript both spellings mean the same.
  const text = source.replaceAll('</script', '<\\/script')
  return {
    element: markup`<script>${trusted(text)}</script>`,
    hash: `'sha256-${createHash('sha256').update(text).digest('base64')}'`,
  }
}

const policyOf = (scripts: readonly Script[]): string =>
  [
    "default-src 'none'",
    ...(scripts.length === 0 ? [] : [`script-src ${scripts.map(each => each.hash).join(' ')}`]),
    "style-src 'unsafe-inline'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')

/** The page as HTML. */
export function renderPage({ title, version, header, main, data }: Page): string {
  const scripts = data === undefined ? [] : [chartLibrary(), ...scriptFiles.map(asset)].map(script)
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyOf(scripts)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="pushbench ${version}">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${trusted(styleSheets.map(asset).join(''))}</style>
</head>
<body>
<header class="opening">
<p class="brand">pushbench <span>${version}</span></p>
${header}
</header>
<main>
${main}
</main>
${data !== undefined && markup`<script type="application/json" id="data">${scriptJson(data)}</script>\n`}${scripts.map(each => each.element)}
</body>
</html>
`.markup
}
