/** The blocks of a section as HTML, and what the page's script draws in them. */
import { type Block, blocksFor, type Choice, type Section } from '../chapters/block.ts'
import type { Chart, Figure } from '../chapters/figure.ts'
import { unbroken } from '../display.ts'
import { type Markup, markup } from '../markup.ts'
import { figureMarkup } from './figure-markup.ts'
import { prose } from './prose.ts'
import type { SeriesStyle } from './series-style.ts'
import { numberTable, seriesTableMarkup } from './table-markup.ts'

function blockMarkup(block: Block, id: string, styles: readonly SeriesStyle[]): Markup {
  switch (block.kind) {
    case 'heading':
      return markup`<h3 class="part">${block.text}</h3>`
    case 'paragraph':
      return markup`<p${block.role && markup` class="${block.role}"`}>${
        block.topic !== undefined && markup`<strong>${block.topic}</strong> `
      }${prose(block.text)}</p>`
    case 'list':
      return markup`<ul class="notes">${block.items.map(
        ({ topic, text }) => markup`<li><strong>${topic}</strong> ${prose(text)}</li>\n`,
      )}</ul>`
    case 'numbers':
      return numberTable(block, block.title)
    case 'series':
      return seriesTableMarkup(block, styles)
    case 'figures':
      return markup`<div class="figures">
${block.figures.map(figure => figureMarkup(figure, id, styles))}</div>`
    case 'choice':
      return choiceMarkup(block, id, styles)
  }
}

/** Figures of which one shows, with the switch that the page's script reveals. */
const choiceMarkup = ({ question, options }: Choice, id: string, styles: readonly SeriesStyle[]): Markup =>
  markup`<div class="choice"><fieldset hidden><legend>${question}</legend>${options.map(
    ({ label }, at) =>
      markup`<label><input type="radio" name="${id}-choice" value="${at}"${at === 0 && markup` checked`}> ${label}</label>\n`,
  )}</fieldset>
${options.map(({ figure }, at) => figureMarkup(figure, id, styles, at > 0))}</div>`

/** The picture of a section's answer. */
export function pictureMarkup({ id, answer }: Section, styles: readonly SeriesStyle[]): Markup {
  const picture = answer?.picture() ?? null
  return picture === null ? markup`` : blockMarkup(picture, id, styles)
}

/** The answer of a section that is not the first: the first one's opens the page. */
const ownAnswer = (section: Section, styles: readonly SeriesStyle[]): Markup =>
  section.answer === undefined
    ? markup``
    : markup`<p class="lead"><strong>${unbroken(section.answer.headline)}</strong> ${unbroken(section.answer.sentences.join(' '))}</p>
${pictureMarkup(section, styles)}`

/** A section under its heading. @param opens whether its answer opens the page, and so is not repeated here */
export const sectionMarkup = (section: Section, styles: readonly SeriesStyle[], opens = false): Markup =>
  markup`<section id="${section.id}">
<h2>${section.title}</h2>
${!opens && ownAnswer(section, styles)}
${blocksFor(section, 'page').map(block => markup`${blockMarkup(block, section.id, styles)}\n`)}</section>
`

/** The figures of a block, however it shows them. */
function figuresOf(block: Block): readonly Figure[] {
  if (block.kind === 'figures') return block.figures
  return block.kind === 'choice' ? block.options.map(({ figure }) => figure) : []
}

/** What the script draws, by the id of the canvas. */
export const chartsOf = (sections: readonly Section[]): Record<string, Chart> =>
  Object.fromEntries(
    sections.flatMap(section =>
      [section.answer?.picture() ?? [], blocksFor(section, 'page')]
        .flat()
        .flatMap(figuresOf)
        .flatMap(({ id, chart }) => (chart === null ? [] : [[`${section.id}-${id}`, chart] as const])),
    ),
  )
