import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import { formats, renderTerminal } from '../../reports/index.ts'
import { metrics } from '../../results/metrics.ts'
import { readingOf } from '../../results/reading.ts'
import { parseResult, type Result } from '../../results/result.ts'
import { measurementOf, resultOf, unmeasured, warningOf } from './fixture.ts'
import { fifteen, fourTechniques, hostile, nastyText, repeated, troubled, twoScenarios } from './results.ts'
import { holdExpiry, hostileStorm, mixed, stormSuite, troubledStorms } from './storms.ts'

const cases: Readonly<Record<string, Result>> = {
  'four techniques': fourTechniques(),
  'fifteen techniques': fifteen(),
  'failed, lossy and never booted': troubled(),
  'three runs': repeated(),
  'two scenarios': twoScenarios(),
  'one technique': resultOf([measurementOf({ technique: 'sse' })]),
  'nothing measured': resultOf([unmeasured('sse')]),
  'no measurement': resultOf([]),
  aborted: resultOf([measurementOf({ technique: 'sse' })], { aborted: true }),
  'hostile text': hostile(),
  storms: stormSuite(),
  'storms that went wrong': troubledStorms(),
  'baseline runs and storms': mixed(),
  'holds that ran out': holdExpiry(),
  'hostile text in a storm': hostileStorm(),
}

for (const format of Object.values(formats)) {
  for (const [name, result] of Object.entries(cases)) {
    test(`${format.name} renders ${name} without NaN, undefined or null`, () => {
      const text = format.render(result)
      const own = format.name === 'html' ? text.slice(0, text.indexOf('<script>')) : text
      const prose = own.replace(/<script type="application\/json".*?<\/script>/s, '')
      assert.doesNotMatch(prose, /\bNaN\b|\bundefined\b|\[object|\bInfinity\b/)
      assert.doesNotMatch(prose, /\bnull\b/)
      assert.ok(text.isWellFormed())
    })
  }
  test(`${format.name} is a pure function`, () => {
    assert.equal(format.render(fourTechniques()), format.render(fourTechniques()))
  })
}

test('a result that an older version stored is still read and rendered in every format', () => {
  const file = join(import.meta.dirname, '../golden/results-of-schema-1.json')
  const stored = parseResult(readFileSync(file, 'utf8'), file)
  // Annotations point at what failed, and nothing did.
  for (const format of Object.values(formats))
    assert.equal(format.render(stored).includes('long-polling'), format.name !== 'annotations', format.name)
  for (const technique of ['polling', 'long-polling', 'sse', 'websocket'])
    assert.match(formats.markdown.render(stored), new RegExp(`^\\| ${technique} \\| \\d`, 'm'), technique)
})

/** RFC 4180, read independently of the writer. */
function readCsv(text: string): string[][] {
  const records: string[][] = [[]]
  const token = /("(?:[^"]|"")*"|[^,\r\n"]*)(,|\r\n)/gy
  for (const [, value = '', end] of text.matchAll(token)) {
    records.at(-1)?.push(value.startsWith('"') ? value.slice(1, -1).replaceAll('""', '"') : value)
    if (end === '\r\n') records.push([])
  }
  return records.slice(0, -1)
}

test('CSV has a row per measurement, a column per metric, units in the header', () => {
  const result = fourTechniques()
  const [header = [], ...rows] = readCsv(formats.csv.render(result))
  assert.equal(rows.length, 4)
  assert.equal(header.length, 11 + metrics.length)
  assert.ok(header.includes('latency.p99 (us)'))
  assert.ok(header.includes('bytes.perDelivery (bytes)'))
  const at = header.indexOf('latency.p99 (us)')
  assert.deepEqual(
    rows.map(row => Number(row[at])),
    result.measurements.map(each => each.latencyMicros?.p99),
  )
  assert.equal(rows[2]?.[header.indexOf('emptyRatio (ratio)')], '')
})

test('CSV keeps hostile text in its field and starts no formula', () => {
  const result = hostile()
  const [header = [], ...rows] = readCsv(formats.csv.render(result))
  assert.ok(rows.every(row => row.length === header.length))
  assert.equal(rows[0]?.[1], result.measurements[0]?.technique.toWellFormed())
  assert.ok(rows[1]?.[1]?.startsWith("'="))
})

test('CSV says of each storm what was done and how clients came back', () => {
  const [header = [], ...rows] = readCsv(formats.csv.render(stormSuite()))
  const column = (name: string) => rows.map(row => row[header.indexOf(name)])
  assert.deepEqual(new Set(column('fault')), new Set(['restart:down=2s', 'herd']))
  assert.deepEqual(new Set(column('backoff')), new Set(['none', 'eventsource', 'full-jitter']))
  assert.deepEqual(
    column('storm.peakArrivals (count)'),
    stormSuite().measurements.map(each => String(each.storm?.peakArrivalsPer100ms)),
  )
  assert.equal(column('storm.listenOverflows (count)')[0], '')
})

test('storms have a table of their own, apart from the baseline runs', () => {
  const markdown = formats.markdown.render(mixed())
  const [baseline = '', storms = ''] = markdown.split('### Storm: restart')
  assert.match(baseline, /\| sse \| \d/)
  assert.doesNotMatch(baseline, /full-jitter \| \d/)
  assert.match(storms, /\| sse · restart · full-jitter \| passed \| 3\d \(3\d–3\d\) \|/)
  assert.doesNotMatch(storms, /2nd met/)
  const terminal = renderTerminal(mixed(), { color: false, width: 160 })
  assert.match(terminal, /^Comparison\ntechnique .*p99/m)
  assert.match(terminal, /^Storm: restart\ntechnique .*peak\/100 ms .*t99 back/m)
  assert.match(
    renderTerminal(stormSuite(), { color: false, width: 160 }),
    /^Storm: herd\ntechnique .*2nd met/m,
  )
})

test('a storm fails in JUnit for what made its run invalid, and for nothing else', () => {
  assert.match(
    formats.junit.render(stormSuite()),
    /<testsuites name="pushbench" tests="14" failures="0" errors="0">/,
  )
  const xml = formats.junit.render(troubledStorms())
  assert.match(xml, /tests="4" failures="2"/)
  assert.match(
    xml,
    /name="websocket · restart, run 1"[^>]*>\s*<failure [^>]*message="the server did not come back"/,
  )
})

test('JUnit carries failures as failures and warnings as output', () => {
  const xml = formats.junit.render(troubled())
  assert.match(xml, /<testsuites name="pushbench" tests="4" failures="2" errors="0">/)
  assert.match(xml, /<failure type="invalid-run" message="120 of 1,000 deliveries were lost \(12 %\)">/)
  assert.match(xml, /<system-out>[^<]*latency\.p99: 5\.\d+ ms[^<]*warning few-samples: /)
  assert.equal(xml.match(/<testcase /g)?.length, 4)
})

test('JUnit does not pass what was aborted or never measured', () => {
  assert.match(formats.junit.render(resultOf([])), /tests="1" failures="0" errors="1"/)
  const aborted = resultOf([measurementOf({ technique: 'sse' })], { aborted: true })
  assert.match(formats.junit.render(aborted), /tests="2" failures="0" errors="1"/)
})

test('Markdown tables keep their columns whatever a name holds', () => {
  for (const result of [fourTechniques(), hostile(), troubled(), hostileStorm()]) {
    const tables = formats.markdown
      .render(result)
      .split(/\n(?!\|)/)
      .map(text => text.split('\n').filter(line => line.startsWith('| ')))
      .filter(rows => rows.length > 1)
    assert.ok(tables.length > 0)
    for (const rows of tables)
      assert.equal(new Set(rows.map(row => row.match(/(?<!\\)\|/g)?.length)).size, 1, rows.join('\n'))
  }
  const outsideFences = formats.markdown.render(hostile()).replace(/^```+sh\n.*\n```+$/m, '')
  assert.doesNotMatch(outsideFences, /<img|(?<!\\)\[x\\?\]/)
})

test('the terminal table fits its width and says what it leaves out', () => {
  for (const width of [60, 80, 100, 140, 200]) {
    const lines = renderTerminal(fourTechniques(), { color: false, width }).split('\n')
    assert.ok(
      lines.every(line => line.length <= width),
      `a line is longer than ${width}`,
    )
    assert.equal(
      lines.some(line => line.startsWith('not shown')),
      width < 140,
    )
  }
})

test('the terminal shows reasons and warnings, once each', () => {
  const text = renderTerminal(troubled(), { color: false, width: 120 })
  assert.match(text, /^sse +failed/m)
  for (const reason of ['the server did not boot within 10 s', '120 of 1,000 deliveries were lost'])
    assert.equal(text.split(reason).length, 2, reason)
  assert.match(text, /^warning single-run\n {2}polling and long-polling: one run\n {2}-> /m)
})

test('the terminal says once why the only technique failed', () => {
  const message = 'the server failed: boom (at ./mine.ts:3:4)'
  const failed = measurementOf({
    technique: 'sse',
    failures: [message],
    warnings: [{ code: 'server-died', message, advice: 'fix it' }],
  })
  const text = renderTerminal(readingOf(resultOf([failed])), { color: false, width: 120 })
  assert.equal(text.split(message).length, 2, text)
  assert.match(text, /^warning server-died\n {2}sse\n {2}-> fix it$/m)
})

/** Warnings of every rank, those of little weight first, with numbers that differ by technique. */
const warned = (): Result =>
  resultOf(
    ['polling', 'sse', 'websocket', 'long-polling'].map((technique, at) =>
      measurementOf({
        technique,
        warnings: (
          [
            'shared-cores',
            'single-run',
            'few-samples',
            'few-draws',
            'short-window',
            'server-saturated',
          ] as const
        ).map(code => warningOf(code, code === 'few-samples' ? `${at} samples` : `seen: ${code}`)),
      }),
    ),
  )

test('the terminal prints about fifteen lines of warnings, the gravest first, and how many more there are', () => {
  const lines = renderTerminal(warned(), { color: false, width: 120 }).trimEnd().split('\n')
  const warnings = lines.slice(lines.findIndex(line => line.startsWith('warning ')))
  assert.ok(warnings.length <= 16, `${warnings.length} lines`)
  assert.equal(warnings[0], 'warning short-window')
  assert.ok(warnings.includes('warning server-saturated'))
  assert.equal(warnings.at(-1), '2 more in the report')
  assert.ok(!warnings.includes('warning shared-cores'), 'what changes no decision can wait')
  const few = warnings.indexOf('warning few-samples')
  assert.deepEqual(warnings.slice(few + 1, few + 4), [
    '  polling: 0 samples',
    '  sse: 1 samples',
    '  websocket and long-polling, with other numbers',
  ])
})

test('one sentence says which differences may be measurement error or chance', () => {
  const text = renderTerminal(fourTechniques(), { color: false, width: 120 })
  assert.match(text, /^Differences of median latency below 1\.30 ms may be measurement error or chance\.$/m)
  const alone = resultOf([measurementOf({ technique: 'sse' })])
  assert.doesNotMatch(renderTerminal(alone, { color: false, width: 120 }), /measurement error/)
})

test('memory per client shows from 5,000 clients on, and is left out below', () => {
  const few = fourTechniques()
  const many = {
    ...few,
    measurements: few.measurements.map(each => ({ ...each, clients: { ...each.clients, asked: 5_000 } })),
  }
  const shown = (result: Result): string => renderTerminal(result, { color: false, width: 200 })
  assert.match(shown(many), /memory\/client\n.*KiB/)
  assert.doesNotMatch(shown(few), /memory/)
  assert.match(formats.html.render(many), /Server memory per client/)
  assert.doesNotMatch(formats.html.render(few), /Server memory per client/)
})

test('colour is decoration: the text is the same without', () => {
  const plain = renderTerminal(troubled(), { color: false, width: 100 })
  const coloured = renderTerminal(troubled(), { color: true, width: 100 })
  assert.notEqual(plain, coloured)
  assert.equal(stripVTControlCharacters(coloured), plain)
})

test('no text of a result reaches the terminal as a control sequence', () => {
  const text = [hostile(), hostileStorm()]
    .map(result => renderTerminal(result, { color: false, width: 100 }))
    .join('')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
  assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029]/)
})

test('repeated runs stand as median and range', () => {
  const markdown = formats.markdown.render(repeated())
  assert.match(markdown, /\| 5\d\d ms \(4\d\d–8\d\d ms\) \|/)
  assert.match(markdown, /median across the runs/)
})

test('the command to repeat is quoted for a shell and names the seed', () => {
  const { command } = fourTechniques()
  const withSeed = resultOf([], { command: { argv: ['run', '--seed', '7'], seed: 7 } })
  assert.match(
    formats.markdown.render(fourTechniques()),
    new RegExp(`npx pushbench ${command.argv.join(' ')} --seed 1\n`),
  )
  assert.match(formats.markdown.render(withSeed), /npx pushbench run --seed 7\n/)
  for (const output of [['-o', 'out'], ['-oout'], ['--output', 'out'], ['--output=out']]) {
    const into = resultOf([], { command: { argv: ['run', ...output, '-c', '5'], seed: 1 } })
    assert.match(formats.markdown.render(into), /npx pushbench run -c 5 --seed 1\n/, output.join(' '))
  }
  const quoted = resultOf([], { command: { argv: ['run', "it's $HOME"], seed: 1 } })
  assert.ok(formats.markdown.render(quoted).includes("run 'it'\\''s $HOME' --seed 1"))
})

for (const [where, result] of Object.entries({ 'a baseline run': hostile(), 'a storm': hostileStorm() }))
  test(`hostile text of ${where} appears in HTML only escaped`, () => {
    const html = formats.html.render(result)
    const ours = html.replace(/<script>.*?<\/script>/gs, '')
    assert.doesNotMatch(ours, /<img|<\/script><|onerror="/)
    assert.doesNotMatch(html.slice(html.indexOf('id="data">'), html.indexOf('<script>')), /[\u2028\u2029]/)
    assert.ok(nastyText.includes('</script>'))
  })

test('warnings of many techniques are one entry of the page', () => {
  const html = formats.html.render(fifteen())
  assert.equal(html.match(/<code>single-run<\/code>/g)?.length, 1)
  const unwarned = formats.html.render(resultOf([measurementOf({ technique: 'sse' })]))
  assert.match(unwarned, /None: every check of this run passed/)
  assert.match(
    formats.html.render(
      resultOf([measurementOf({ technique: 'sse', warnings: [warningOf('phase-lock', 'm')] })]),
    ),
    /phase-lock/,
  )
})

test('the file is small and complete', () => {
  const html = formats.html.render(fifteen())
  assert.ok(Buffer.byteLength(html) < 1_500_000)
  assert.doesNotMatch(html.replace(/<script>.*?<\/script>/s, ''), /(?:src|href)="(?!data:,")/)
})

test('a format that shows no figures makes none: only the page reads the timelines', () => {
  const result = mixed()
  const unread: Result = {
    ...result,
    measurements: result.measurements.map(each => ({
      ...each,
      get timeline(): never {
        throw new Error('a timeline was read')
      },
    })),
  }
  for (const name of ['terminal', 'markdown', 'csv', 'junit'] as const)
    assert.equal(formats[name].render(unread), formats[name].render(result), name)
  assert.throws(() => formats.html.render(unread), /a timeline was read/)
})

test('a format renders the reading of a result as it renders the result', () => {
  const result = mixed()
  for (const format of Object.values(formats))
    assert.equal(format.render(readingOf(result)), format.render(result), format.name)
})
