/** The families of techniques as charts distinguish them: five hues and five point shapes. */
import type { ServerTechnique } from '../model/technique.ts'
import { servers } from '../servers/index.ts'
import type { Shape } from './chapters/figure.ts'

/** How the techniques of one family look. */
export interface FamilyLook {
  readonly name: string
  /** Index into the hues of the style sheet. */
  readonly hue: number
  readonly shape: Shape
}

const looks = [
  { name: 'pull', hue: 0, shape: 'circle' },
  { name: 'Comet, request', hue: 1, shape: 'triangle' },
  { name: 'Comet, stream / stream', hue: 2, shape: 'rect' },
  { name: 'modern stream', hue: 3, shape: 'rectRot' },
  { name: 'modern, duplex', hue: 4, shape: 'star' },
] as const satisfies readonly FamilyLook[]

/** Hues of the style sheet that belong to families. */
export const hues = looks.length

/** Of a technique that this version does not know. */
const unknown: FamilyLook = { name: 'other', hue: hues, shape: 'crossRot' }

const lookOf: Readonly<Record<ServerTechnique['family'], FamilyLook>> = {
  pull: looks[0],
  'Comet, request': looks[1],
  'Comet, stream': looks[2],
  stream: looks[2],
  'modern stream': looks[3],
  'modern, duplex': looks[4],
}

const known: ReadonlyMap<string, ServerTechnique['family']> = new Map(
  Object.entries(servers).map(([name, { family }]) => [name, family]),
)

/** The look of a technique's family. Results may name techniques that this version does not have. */
export function familyOf(technique: string): FamilyLook {
  const family = known.get(technique)
  return family === undefined ? unknown : lookOf[family]
}

/** The look of the place-th of some things that are all of one family. */
export const lookAt = (place: number): FamilyLook => looks[place % looks.length] ?? unknown

const resending: ReadonlySet<string> = new Set(
  Object.entries<ServerTechnique>(servers).flatMap(([name, { resendsPage }]) => (resendsPage ? name : [])),
)

/** True for a technique that sends the whole page anew with its events. */
export const resendsPage = (technique: string): boolean => resending.has(technique)

/** True for a technique whose events come without a request each: it has no responses that could be empty. */
export const isStream = (technique: string): boolean => {
  const family = known.get(technique)
  return family !== undefined && family !== 'pull' && family !== 'Comet, request'
}
