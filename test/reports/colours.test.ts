/** The hues of the families: apart under every kind of colour blindness, and seen on both backgrounds. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { familyOf, hues } from '../../reports/family.ts'
import { servers } from '../../servers/index.ts'

type Triple = readonly [number, number, number]

const style = readFileSync(join(import.meta.dirname, '../../reports/page/colours.css'), 'utf8')

/** A custom property in light and in dark. */
function colourOf(name: string): [string, string] {
  const [, light, dark] = new RegExp(`--${name}: light-dark\\((#\\w{6}), (#\\w{6})\\)`).exec(style) ?? []
  assert.ok(light && dark, name)
  return [light, dark]
}

const linear = (channel: number): number =>
  channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4

const linearOf = (hex: string): Triple =>
  [1, 3, 5].map(at => linear(Number.parseInt(hex.slice(at, at + 2), 16) / 255)) as unknown as Triple

const dot = (row: Triple, [r, g, b]: Triple): number => row[0] * r + row[1] * g + row[2] * b

/** Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB. */
const seenBy: Readonly<Record<string, readonly [Triple, Triple, Triple]>> = {
  'full colour vision': [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
}

/** CIELAB of linear sRGB under D65. */
function labOf(rgb: Triple): Triple {
  const f = (t: number): number => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116)
  const [x, y, z] = [
    f(dot([0.4124, 0.3576, 0.1805], rgb) / 0.95047),
    f(dot([0.2126, 0.7152, 0.0722], rgb)),
    f(dot([0.0193, 0.1192, 0.9505], rgb) / 1.08883),
  ]
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)]
}

const luminance = (hex: string): number => dot([0.2126, 0.7152, 0.0722], linearOf(hex))

function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05)
}

const series = Array.from({ length: hues }, (_, at) => colourOf(`series-${at}`))

for (const [scheme, at] of [
  ['light', 0],
  ['dark', 1],
] as const) {
  for (const [vision, rows] of Object.entries(seenBy))
    test(`the hues of the families stay apart with ${vision}, ${scheme}`, () => {
      const labs = series.map(pair => {
        const rgb = linearOf(pair[at])
        return labOf(rows.map(row => Math.min(1, Math.max(0, dot(row, rgb)))) as unknown as Triple)
      })
      // A difference of 2 is just seen; 20 is another colour at a glance.
      for (const [i, one] of labs.entries())
        for (const other of labs.slice(0, i))
          assert.ok(Math.hypot(...one.map((value, axis) => value - (other[axis] ?? 0))) > 20)
    })

  test(`every hue stands out from the background, ${scheme}`, () => {
    // WCAG 2.2, 1.4.11: 3 to 1 for parts of graphics.
    for (const pair of series) assert.ok(contrast(pair[at], colourOf('background')[at]) >= 3, pair[at])
  })
}

test('every technique has a family, and families differ in hue and in shape', () => {
  const looks = Object.keys(servers).map(familyOf)
  assert.equal(new Set(looks.map(({ name }) => name)).size, hues)
  for (const key of ['hue', 'shape'] as const) assert.equal(new Set(looks.map(each => each[key])).size, hues)
  assert.equal(familyOf('carrier-pigeon').name, 'other')
})
