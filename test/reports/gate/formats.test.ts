import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { type Comparison, compareResults } from '../../../compare/compare.ts'
import { type GateFormatName, gateFormats, renderGateTerminal } from '../../../reports/gate/index.ts'
import type { Summary } from '../../../results/result.ts'
import { runs } from '../../compare/results.ts'
import { measurementOf } from '../fixture.ts'
import { junitProblems, parseJunit } from '../junit-schema.ts'
import { baseline, crowded, doubtful, everyVerdict, hostile } from './comparisons.ts'

const cases: Readonly<Record<string, Comparison>> = {
  'every verdict': everyVerdict,
  doubtful,
  baseline,
  hostile,
  crowded,
}
const golden = (name: string): string => join(import.meta.dirname, '../../golden/gate', name)
const names = Object.keys(gateFormats) as GateFormatName[]

describe('golden files: "node --test --test-update-snapshots" rewrites them', () => {
  for (const name of names.filter(each => each !== 'html')) {
    const { fileName, render } = gateFormats[name]
    test(`${name} of every verdict`, context => {
      context.assert.fileSnapshot(render(everyVerdict, {}), golden(fileName), { serializers: [String] })
    })
  }
})

for (const name of names) {
  for (const [title, comparison] of Object.entries(cases)) {
    test(`${name} renders ${title} without NaN or undefined, in well-formed text`, () => {
      const text = gateFormats[name].render(comparison, {})
      assert.doesNotMatch(text, /\bNaN\b|\bundefined\b|\[object|\bInfinity\b/)
      assert.ok(text.isWellFormed())
      // CSV is for programs and keeps a text as it is.
      if (name !== 'csv') assert.equal(text.includes('\u0007') || text.includes('\u001b'), false)
    })
  }
}

describe('what can never be decided, and what differs, leads', () => {
  const said = /can never show a difference[\s\S]*measured after[\s\S]*environment\.cpu/
  for (const [name, verdict] of [
    ['terminal', 'inconclusive: 1 of 2'],
    ['markdown', '## pushbench: inconclusive'],
  ] as const) {
    test(name, () => {
      const [before = '', after] = gateFormats[name].render(doubtful, {}).split(verdict)
      assert.match(before, said)
      assert.ok(after !== undefined)
    })
  }
  test('html', () => {
    const body = gateFormats.html.render(doubtful, {}).split('<main>')[0] ?? ''
    assert.match(body, said)
  })
})

test('Markdown puts the verdict first, opens what matters and folds what is unchanged', () => {
  const text = gateFormats.markdown.render(everyVerdict, {})
  assert.ok(
    text.startsWith('## pushbench: regressed\n\n**2 of 6 metrics got worse; 1 improved, 1 inconclusive'),
  )
  const parts = ['### Regressed', '### Improved', '### Inconclusive', '<details>', 'emptyRatio', '</details>']
  const places = parts.map(part => text.indexOf(part))
  assert.deepEqual(
    places,
    places.toSorted((a, b) => a - b),
  )
  assert.ok(places.every(place => place > 0))
  assert.match(text, /about 18 runs a side would decide/)
})

test('Markdown tables keep their columns whatever a name holds, and an empty line stands around each', () => {
  for (const comparison of Object.values(cases)) {
    const text = gateFormats.markdown.render(comparison, {})
    const rows = text.split('\n').filter(line => line.startsWith('| '))
    for (const row of rows) assert.equal(row.match(/(?<!\\)\|/g)?.length, 6, row)
    assert.doesNotMatch(text, /[^|\n]\n\| series/)
    assert.doesNotMatch(text, /<b>/)
    assert.equal(text.match(/<details>/g)?.length, text.match(/\n\n<\/details>\n/g)?.length)
  }
})

describe('JUnit', () => {
  for (const [title, comparison] of Object.entries(cases)) {
    for (const strict of [false, true]) {
      test(`${title}${strict ? ', strict' : ''}, is valid by the common schema`, () => {
        assert.deepEqual(junitProblems(gateFormats.junit.render(comparison, { strict })), [])
      })
    }
  }
  test('a regression fails; what is inconclusive is skipped with its reason, and fails where the gate is strict', () => {
    const outcome = (strict: boolean) => {
      const document = parseJunit(gateFormats.junit.render(everyVerdict, { strict }))
      return ['failure', 'skipped'].map(name =>
        [...document.querySelectorAll(name)].map(each => each.closest('testcase')?.getAttribute('name')),
      )
    }
    const [failing, warned] = [['latency.p99', 'events.lost'], 'ingress.perDelivery']
    assert.deepEqual(outcome(false), [failing, ['server.cpuPerDelivery', warned]])
    assert.deepEqual(outcome(true), [[...failing, 'server.cpuPerDelivery'], [warned]])
    assert.match(
      gateFormats.junit.render(everyVerdict, {}),
      /<skipped>.*about 18 runs a side would decide, 12 minutes in all</,
    )
  })
})

describe('annotations', () => {
  const lines = (comparison: Comparison, strict = false): string[] =>
    gateFormats.annotations.render(comparison, { strict }).split('\n').slice(0, -1)

  test('an error for each regression, a warning for each that only warns, one for all that is open', () => {
    const found = lines(everyVerdict).map(line => line.slice(0, line.indexOf('::', 2)))
    assert.deepEqual(found, [
      '::error title=latency.p99 of sse regressed',
      '::error title=events.lost of websocket regressed',
      '::warning title=ingress.perDelivery of sse regressed',
      '::warning title=1 metric inconclusive',
      '::notice title=bytes.perDelivery of sse improved',
    ])
    assert.equal(lines(everyVerdict, true).filter(line => line.startsWith('::error')).length, 3)
  })
  test('nothing of a name or a reason can end a command or begin another', () => {
    for (const line of lines(hostile)) {
      assert.match(line, /^::(error|warning|notice) title=[^:,]*::/)
      assert.doesNotMatch(line.replaceAll(/%(25|0A|3A|2C)/g, ''), /%/)
    }
  })
  test('no more than GitHub shows: the last says what the others are', () => {
    const all = lines(crowded)
    assert.equal(all.length, 10)
    assert.match(all.at(-1) ?? '', /^::error title=and 16 more::latency\.p99 of sse 10 regressed%0A/)
  })
  test('nothing where nothing changed', () => {
    assert.equal(gateFormats.annotations.render(baseline, {}), '')
  })
})

test('CSV has a row for each finding with as many fields as headings, and starts no formula', () => {
  const fields = (line: string): number => [...line.matchAll(/(?:"(?:[^"]|"")*"|[^,"]*)(?:,|$)/g)].length
  const text = gateFormats.csv.render(everyVerdict, {})
  const [header = '', ...rows] = text.trimEnd().split('\r\n')
  assert.equal(rows.length, everyVerdict.findings.length)
  for (const row of rows) assert.equal(fields(row), fields(header), row)
  assert.doesNotMatch(gateFormats.csv.render(hostile, {}), /(^|,)"?=/m)
})

test('JSON holds the comparison whole, with its kind, its version and the counts', () => {
  const { schemaVersion, kind, failed, counts, ...rest } = JSON.parse(
    gateFormats.json.render(everyVerdict, {}),
  )
  assert.deepEqual({ schemaVersion, kind, failed }, { schemaVersion: 1, kind: 'comparison', failed: true })
  assert.deepEqual(counts, { regressed: 2, warned: 1, improved: 1, inconclusive: 1, unchanged: 1 })
  assert.deepEqual(rest, everyVerdict)
  const strictly = (strict: boolean) => JSON.parse(gateFormats.json.render(doubtful, { strict })).failed
  assert.deepEqual([false, true].map(strictly), [false, true])
})

test('HTML loads nothing, runs nothing and shows every finding', () => {
  const page = gateFormats.html.render(everyVerdict, {})
  assert.doesNotMatch(page, /<script|https?:\/\/|url\(/)
  assert.equal(page.match(/class="why"/g)?.length, everyVerdict.findings.length)
  assert.doesNotMatch(gateFormats.html.render(hostile, {}), /<b>/)
})

test('the terminal is plain without colours', () => {
  const isColoured = (color: boolean) => renderGateTerminal(everyVerdict, { color }).includes('\u001b[')
  assert.deepEqual([true, false].map(isColoured), [true, false])
})

test('no format shows medians that move one way next to an estimate that moves the other', () => {
  // Runs in two groups: the median falls from 19.6 to 10.1 ms, though all pairs of runs make +8.7 %.
  const micros = (values: readonly number[]): Summary[] =>
    values.map(p50 => ({ ...measurementOf({ technique: 'sse' }).latencyMicros, p50: p50 * 1_000 }) as Summary)
  const base = micros([8, 8.5, 9, 9.2, 19.6, 20, 20.3, 20.6, 21])
  const head = micros([9.1, 9.6, 9.9, 10, 10.1, 21.5, 22, 22.4, 23])
  const of = (all: readonly Summary[]) =>
    runs(all.length, (_, index) => ({ latencyMicros: all[index] ?? null }))
  const comparison = compareResults(of(base), of(head))
  assert.match(
    comparison.findings.find(({ metric }) => metric === 'latency.p50')?.reason ?? '',
    /^\+8\.74 % /,
  )
  for (const name of names.filter(each => !['json', 'csv', 'annotations'].includes(each))) {
    const text = gateFormats[name].render(comparison, {})
    assert.match(text, /8\.00–21\.0\sms[\s\S]*9\.10–23\.0\sms/, name)
    assert.doesNotMatch(text, /19\.6\sms|10\.1\sms/, name)
  }
})
