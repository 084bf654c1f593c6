/** The blocks of a section as HTML, and what the page's script draws in them. */
import { type Block, blocksFor, type Section } from '../chapters/block.ts'
import type { Chart } from '../chapters/figure.ts'
import { unbroken } from '../display.ts'
import { type Markup, markup } from '../markup.ts'
import { figureMarkup } from './figure-markup.ts'
import type { SeriesStyle } from './series-style.ts'
import { numberTable, seriesTableMarkup } from './table-markup.ts'

function blockMarkup(block: Block, id: string, styles: readonly SeriesStyle[]): Markup {
  switch (block.kind) {
    case 'heading':
      return markup`<h3 class="part">${block.text}</h3>`
    case 'paragraph':
      return markup`<p${block.role && markup` class="${block.role}"`}>${
        block.topic !== undefined && markup`<strong>${block.topic}</strong> `
      }${unbroken(block.text)}</p>`
    case 'list':
      return markup`<ul class="notes">${block.items.map(
        ({ topic, text }) => markup`<li><strong>${topic}</strong> ${text}</li>\n`,
      )}</ul>`
    case 'numbers':
      return numberTable(block, block.title)
    case 'series':
      return seriesTableMarkup(block, styles)
    case 'figures':
      return markup`<div class="figures">
${block.figures.map(figure => figureMarkup(figure, id, styles))}</div>`
  }
}

/** A section under its heading. */
export const sectionMarkup = (section: Section, styles: readonly SeriesStyle[]): Markup =>
  markup`<section id="${section.id}">
<h2>${section.title}</h2>
${blocksFor(section, 'page').map(block => markup`${blockMarkup(block, section.id, styles)}\n`)}</section>
`

/** What the script draws, by the id of the canvas. */
export const chartsOf = (sections: readonly Section[]): Record<string, Chart> =>
  Object.fromEntries(
    sections.flatMap(section =>
      blocksFor(section, 'page').flatMap(block =>
        block.kind !== 'figures'
          ? []
          : block.figures.flatMap(({ id, chart }) =>
              chart === null ? [] : [[`${section.id}-${id}`, chart] as const],
            ),
      ),
    ),
  )
