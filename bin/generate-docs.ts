/** Writes from the registries what the documents list, docs/techniques.md and parts of the README: `npm run docs`. */
import { readFileSync, writeFileSync } from 'node:fs'
import { scenarios, techniques } from '../index.ts'
import { formatDuration } from '../model/quantity.ts'
import type { Scenario } from '../model/workload.ts'
import { hasPage } from '../pages/index.ts'
import { pairOf, settingsOfPair } from '../plan/plan.ts'

/** The techniques by family, in the order of the registry. */
const families = (): string =>
  tableOf(
    ['family', 'techniques'],
    [...Map.groupBy(techniques, technique => pairOf(technique).server.family)].map(([family, members]) => [
      family,
      members.map(technique => `\`${technique}\``).join(', '),
    ]),
  )

/** What a document has between two markers that name it. */
const generated: Readonly<Record<string, () => string>> = { families }

/**
 * A document with its generated parts made anew: what stands between `<!-- generated: NAME -->` and
 * `<!-- end of NAME -->`.
 * @throws {Error} for a name that nothing generates
 */
export const withGenerated = (document: string): string =>
  document.replace(
    /(<!-- generated: (\w+) .*-->\n)[\s\S]*?(\n<!-- end of \2 -->)/g,
    (_, opening: string, name: string, closing: string) => {
      const make = generated[name]
      if (make === undefined) throw new Error(`nothing generates "${name}"`)
      return opening + make() + closing
    },
  )

/** The page as it must stand in the repository. */
export const catalogue = (): string =>
  [
    '# The techniques',
    'Generated from the registries by `npm run docs`. What the columns leave out stands in the sections below; a ' +
      'setting is given as `--set <technique>.<setting>=<value>`.',
    tableOf(
      ['technique', 'family', 'since', 'what happens'],
      techniques.map(technique => {
        const { family, year, summary } = pairOf(technique).server
        return [`[\`${technique}\`](#${technique})`, family, String(year), summary]
      }),
    ),
    ...techniques.flatMap(section),
    '## Scenarios',
    'A scenario is a load, and for the historical profiles also the techniques and settings that make the system. ' +
      'Flags change any of it: `pushbench run -s livepage -c 1000`.',
    tableOf(
      ['scenario', 'what it is', 'techniques', 'settings', 'delivery', 'from'],
      Object.entries(scenarios).map(([name, scenario]) => scenarioRow(name, scenario)),
    ),
    '## Delivery semantics',
    'By default the server keeps a log of events and gives a client everything after its cursor. Two other semantics ' +
      'and a polled backend are settings of a scenario, because the literature measures them. No technique knows of them.',
    tableOf(
      ['flag', 'what it does', 'what the result tells'],
      [
        [
          '`--delivery log`',
          'everything after the cursor that the log still holds',
          '`events.lost` is a loss',
        ],
        [
          '`--delivery last-value`',
          'a conflating store: a request, or a reader that catches up, is given the newest event and nothing before it',
          '`events.superseded`: overtaken by a newer state, no loss; `predicted.deliveredShare` for timers',
        ],
        [
          '`--delivery session-queue`',
          'the server drains one queue for each session, which a client names by `session=`',
          '`events.takenByOther`: taken by another page of the session',
        ],
        [
          '`--pages-per-session 2`',
          'so many consecutive clients are pages of one session',
          '`pages`: what page 1, page 2 ... were given and what they missed',
        ],
        [
          '`--backend-poll 100ms`',
          'the server learns of events only when it polls its backend; the event was published before',
          '`backendPolls`; the time until the poll is part of the latency',
        ],
      ],
    ),
  ]
    .join('\n\n')
    .concat('\n')

/** One technique with what it needs and what can be set. */
function section(technique: (typeof techniques)[number]): string[] {
  const pair = pairOf(technique)
  const { family, year, mechanism, needs, crossesOrigins, errors, reference } = pair.server
  const settings = Object.entries(settingsOfPair(pair))
  return [
    `## ${technique}`,
    `${mechanism} (${family}, ${year}.)`,
    [
      `- **Browser:** ${needs.browser}`,
      `- **Server:** ${needs.server}`,
      `- **Proxy:** ${needs.proxy}`,
      `- **Crosses origins:** ${crossesOrigins}`,
      `- **Errors:** ${errors}`,
      `- **From:** ${reference}`,
      ...(hasPage(technique) ? [] : ['- **Page clients:** none, because it has no page script']),
    ].join('\n'),
    settings.length === 0
      ? 'Nothing can be set.'
      : tableOf(
          ['setting', 'value', 'default', 'what it does'],
          settings.map(([name, setting]) => [
            `\`${name}\``,
            setting.form,
            `\`${setting.format(setting.fallback)}\`${setting.suffix === 'Bytes' ? ' bytes' : ''}`,
            setting.help,
          ]),
        ),
  ]
}

function scenarioRow(name: string, scenario: Scenario): string[] {
  const { delivery, pagesPerSession, backendPoll } = scenario.workload
  const settings = Object.entries(scenario.settings ?? {}).flatMap(([technique, values]) =>
    Object.entries(values).map(([setting, value]) => `\`${technique}.${setting}=${value}\``),
  )
  const promises = [
    delivery,
    ...(pagesPerSession > 1 ? [`${pagesPerSession} pages a session`] : []),
    ...(backendPoll > 0 ? [`backend polled every ${formatDuration(backendPoll)}`] : []),
  ]
  return [
    `\`${name}\``,
    scenario.summary,
    (scenario.techniques ?? scenario.usualTechniques)?.map(technique => `\`${technique}\``).join(', ') ??
      'all',
    settings.join(', '),
    promises.join(', '),
    scenario.reference ?? '',
  ]
}

/** A Markdown table. A bar within a cell would end it. */
function tableOf(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(headings), line(headings.map(() => '---')), ...rows.map(line)].join('\n')
}

if (import.meta.main) {
  writeFileSync(new URL('../docs/techniques.md', import.meta.url), catalogue())
  const readme = new URL('../README.md', import.meta.url)
  writeFileSync(readme, withGenerated(readFileSync(readme, 'utf8')))
}
