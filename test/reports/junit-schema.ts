/**
 * The rules of the JUnit schema that Jenkins publishes (junit-4.xsd of its dtkit), as checks: which elements stand
 * in which order within which, which attributes they must and may have. Stricter than most readers.
 */
import { createRequire } from 'node:module'

/** What is needed of the DOM, whose types belong to browsers. */
interface Element {
  readonly tagName: string
  readonly attributes: Iterable<{ readonly name: string }>
  readonly children: Iterable<Element>
  readonly childNodes: Iterable<{ readonly nodeType: number; readonly nodeValue: string | null }>
  getAttribute(name: string): string | null
  hasAttribute(name: string): boolean
  querySelector(selector: string): Element | null
  querySelectorAll(selector: string): Iterable<Element>
  closest(selector: string): Element | null
}

/** What is needed of jsdom, which carries no types. */
interface Jsdom {
  readonly JSDOM: new (
    xml: string,
    options: { contentType: string },
  ) => { readonly window: { readonly document: { readonly documentElement: Element } } }
}

const { JSDOM } = createRequire(import.meta.url)('jsdom') as Jsdom

interface Rule {
  readonly required: readonly string[]
  readonly optional: readonly string[]
  /** The content in its order, each with how often it may stand there. */
  readonly children: readonly (readonly [name: string, most: number])[]
  readonly text: boolean
}

const many = Number.POSITIVE_INFINITY
const rules: Readonly<Record<string, Rule>> = {
  testsuites: {
    required: [],
    optional: ['name', 'time', 'tests', 'failures', 'disabled', 'errors'],
    children: [['testsuite', many]],
    text: false,
  },
  testsuite: {
    required: ['name', 'tests'],
    optional: [
      ...['failures', 'errors', 'time', 'disabled', 'skipped', 'timestamp', 'hostname', 'id', 'package'],
    ],
    children: [
      ['properties', 1],
      ['testcase', many],
      ['system-out', 1],
      ['system-err', 1],
    ],
    text: false,
  },
  testcase: {
    required: ['name'],
    optional: ['assertions', 'time', 'classname', 'status'],
    children: [
      ['skipped', 1],
      ['error', many],
      ['failure', many],
      ['system-out', many],
      ['system-err', many],
    ],
    text: false,
  },
  failure: { required: [], optional: ['type', 'message'], children: [], text: true },
  error: { required: [], optional: ['type', 'message'], children: [], text: true },
  skipped: { required: [], optional: [], children: [], text: true },
  'system-out': { required: [], optional: [], children: [], text: true },
  'system-err': { required: [], optional: [], children: [], text: true },
}

function problemsOf(element: Element): string[] {
  const name = element.tagName
  const rule = rules[name]
  if (rule === undefined) return [`${name} is not an element of JUnit`]
  const given = [...element.attributes].map(attribute => attribute.name)
  const children = [...element.children].map(child => child.tagName)
  const places = children.map(child => rule.children.findIndex(([allowed]) => allowed === child))
  return [
    ...rule.required.filter(each => !given.includes(each)).map(each => `${name} without ${each}`),
    ...given
      .filter(each => !rule.required.includes(each) && !rule.optional.includes(each))
      .map(each => `${name} with the attribute ${each}`),
    ...(places.every((place, at) => place >= 0 && place >= (places[at - 1] ?? 0))
      ? []
      : [`${name} with ${children.join()} within`]),
    ...rule.children
      .filter(([child, most]) => children.filter(each => each === child).length > most)
      .map(([child]) => `${name} with too many ${child}`),
    ...(!rule.text && [...element.childNodes].some(node => node.nodeType === 3 && node.nodeValue?.trim())
      ? [`${name} with text`]
      : []),
    ...[...element.children].flatMap(problemsOf),
  ]
}

/** A JUnit file as a document. @throws when it is not XML */
export const parseJunit = (xml: string): Element =>
  new JSDOM(xml, { contentType: 'application/xml' }).window.document.documentElement

/** In what a JUnit file breaks the schema; empty where it is valid. @throws when it is not XML */
export function junitProblems(xml: string): string[] {
  const root = parseJunit(xml)
  const counts = (element: Element): string[] => {
    const cases = [...element.querySelectorAll('testcase')]
    const found: Readonly<Record<string, number>> = {
      tests: cases.length,
      failures: cases.filter(each => each.querySelector('failure') !== null).length,
      errors: cases.filter(each => each.querySelector('error') !== null).length,
      skipped: cases.filter(each => each.querySelector('skipped') !== null).length,
    }
    return Object.entries(found)
      .filter(([name, count]) => element.hasAttribute(name) && element.getAttribute(name) !== String(count))
      .map(
        ([name, count]) => `${element.tagName} says ${element.getAttribute(name)} ${name} and has ${count}`,
      )
  }
  return [
    ...(root.tagName === 'testsuites' ? [] : [`the root is ${root.tagName}`]),
    ...problemsOf(root),
    ...[root, ...root.querySelectorAll('testsuite')].flatMap(counts),
  ]
}
