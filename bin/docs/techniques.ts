/** docs/techniques.md: what each technique does and needs, and the table of families in the README. */
import { techniques } from '../../index.ts'
import { hasPage } from '../../pages/index.ts'
import { pairOf, settingsOfPair } from '../../plan/plan.ts'
import { settingsTable, tableOf } from './markdown.ts'

/** The techniques by family, in the order of the registry. */
export const families = (): string =>
  tableOf(
    ['family', 'techniques'],
    [...Map.groupBy(techniques, technique => pairOf(technique).server.family)].map(([family, members]) => [
      family,
      members.map(technique => `\`${technique}\``).join(', '),
    ]),
  )

/** The page. */
export const techniquesPage = (): string =>
  [
    '# The techniques',
    'Generated from the registries by `npm run docs`. The sections below add what the columns leave out; a ' +
      'setting is given as `--set <technique>.<setting>=<value>`.',
    tableOf(
      ['technique', 'family', 'since', 'what happens'],
      techniques.map(technique => {
        const { family, year, summary } = pairOf(technique).server
        return [`[\`${technique}\`](#${technique})`, family, String(year), summary]
      }),
    ),
    ...techniques.flatMap(section),
    '## Delivery semantics',
    'By default the server keeps a log of events and gives a client everything after its cursor. Two other semantics ' +
      'and a polled backend are settings of a scenario, because the literature measures them. Techniques do not depend on them.',
    tableOf(
      ['flag', 'what it does', 'what the result shows'],
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
          'this many consecutive clients are pages of one session',
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
  const settings = settingsOfPair(pair)
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
    Object.keys(settings).length === 0 ? 'Nothing can be set.' : settingsTable(settings, 'setting'),
  ]
}
