/**
 * The registry of page scripts: for a technique the script `<technique>.js` that a page runs, written once for jsdom and
 * for a browser. A technique may go without one; then no page clients can run it. The compiler refuses a script for a
 * technique that does not exist.
 */

import { readFileSync } from 'node:fs'
import { extname } from 'node:path'
import { exponential, type Random } from '../model/random.ts'
import type { SettingValue } from '../model/settings.ts'
import type { ClientContext, ClientTechnique } from '../model/technique.ts'
import type { Technique } from '../servers/index.ts'

/** Values of both adapters' settings, durations in microseconds. */
export type SettingValues = Readonly<Record<string, SettingValue>>

/** Where a page script runs. */
export type PageKind = 'dom' | 'browser'

/** A difference that is known, and why there is one. */
export interface Deviation {
  readonly reason: string
  /** Its median latency may differ from that of the wire clients, whatever the load. */
  readonly slower?: true
}

/** What a page script needs, and where it cannot do what its technique specifies. */
export interface Page {
  /** What the script gets in addition to the events' URL, the cursor and the sink: durations in milliseconds. */
  readonly parameters: (
    values: SettingValues,
    random: Random,
  ) => Record<string, SettingValue | readonly number[]>
  /** jsdom parses a frame only when its response has ended; these frames are fed to it as their bytes come. */
  readonly endlessFrame?: true
  /** How a kind differs from the technique as a browser of its time ran it. */
  readonly deviations?: Readonly<Partial<Record<PageKind, Deviation>>>
  /** Conformance cases that a page cannot pass, with the reason; a kind's own come on top of those of both. */
  readonly cases?: Readonly<Partial<Record<PageKind | 'both', Readonly<Record<string, string>>>>>
}

const plain = () => ({})
const milliseconds = (value: SettingValue | undefined): number => Number(value ?? 0) / 1_000
const chain = ({ pause }: SettingValues) => ({ pause: milliseconds(pause) })
const timer = ({ interval, timing }: SettingValues, random: Random) => ({
  interval: milliseconds(interval),
  timing: timing ?? 'fixed-rate',
  phase: random(),
})
const named = ({ callback }: SettingValues) => ({ callback: callback ?? 'pushbench' })

const noCause = 'a page learns that a request failed, not why'
/** The causes that fetch and XMLHttpRequest do not show. */
const networkCases = { 'server closes': noCause, 'nothing listens': noCause, 'no HTTP': noCause }
/** A script element, a frame and a WebSocket do not even show a status. */
const silentCases = { ...networkCases, 'status 500': noCause }
const frameCases = {
  ...silentCases,
  'foreign page': 'a page of another server looks like one that broke off',
}

const inFrame = 'a frame is loaded in place of the page, so that the script that counts outlives it'
/** XMLHttpRequest standard (WHATWG), send(), processBodyChunk: not before roughly 50 ms have passed since the last. */
const fiftyMilliseconds: Deviation = {
  reason:
    'Chromium notifies the script of new bytes at most once in 50 ms, so an event that follows another sooner waits for the rest of that time',
}

const endlessFrameCases = {
  both: frameCases,
  browser: {
    resume:
      'a frame does not report a connection that broke off: no event comes, and its document goes on loading',
  },
}

/** The techniques that have a page script. */
export const pages = {
  'page-refresh': {
    parameters: timer,
    deviations: {
      dom: {
        reason: `${inFrame}; jsdom parses the whole page and its style sheets again each time, which takes tens of milliseconds`,
        slower: true,
      },
      browser: { reason: inFrame },
    },
    cases: { both: frameCases },
  },
  'busy-polling': { parameters: chain, cases: { both: networkCases } },
  polling: { parameters: timer, cases: { both: networkCases } },
  'jsonp-polling': {
    parameters: (values, random) => ({ ...timer(values, random), ...named(values) }),
    cases: { both: silentCases },
  },
  piggyback: {
    parameters: ({ action, fallback }, random) => ({
      waits: Array.from({ length: 1_000 }, () => exponential(random, milliseconds(action))),
      fallback: milliseconds(fallback),
    }),
    cases: { both: networkCases },
  },
  'long-polling': { parameters: chain, cases: { both: networkCases } },
  'script-long-polling': {
    parameters: values => ({ ...chain(values), ...named(values) }),
    cases: { both: silentCases },
  },
  'forever-frame': { parameters: named, endlessFrame: true, cases: endlessFrameCases },
  'page-streaming': {
    parameters: named,
    endlessFrame: true,
    deviations: {
      dom: {
        reason: `${inFrame}; its bytes are written into it as they come, because jsdom parses a document only when it has ended`,
      },
      browser: { reason: inFrame },
    },
    cases: endlessFrameCases,
  },
  'xhr-streaming': {
    parameters: plain,
    deviations: { browser: fiftyMilliseconds },
    cases: { both: networkCases },
  },
  'multipart-xhr': {
    parameters: plain,
    deviations: { browser: fiftyMilliseconds },
    cases: { both: networkCases },
  },
  'server-push': {
    parameters: plain,
    deviations: {
      dom: {
        reason:
          'jsdom does not show a multipart response: the script reads its parts and writes each into a frame; jsdom parses the whole page and its style sheets again for each event, which takes tens of milliseconds',
        slower: true,
      },
      browser: {
        reason:
          'browsers show a multipart response only as an image: the script reads its parts and writes each into a frame',
      },
    },
    cases: { both: networkCases },
  },
  sse: {
    parameters: plain,
    cases: {
      both: { ...networkCases, lifetime: 'an EventSource reports the orderly end of a stream as an error' },
    },
  },
  'fetch-streaming': { parameters: plain, cases: { both: networkCases } },
  websocket: { parameters: plain, cases: { both: { ...silentCases, 'foreign page': noCause } } },
} satisfies Partial<Record<Technique, Page>>

/** The name of a technique with a page script. */
export type PageTechnique = keyof typeof pages

/** True for a technique with a page script. */
export const hasPage = (technique: string): technique is PageTechnique => Object.hasOwn(pages, technique)

/** What is known of a page script. @throws {Error} for a technique without one; {@link hasPage} says which have one */
export function pageOf(technique: string): Page {
  const page = (pages as Readonly<Record<string, Page>>)[technique]
  if (page === undefined) throw new Error(`"${technique}" has no page script`)
  return page
}

/** The text of a script of this folder. */
export const scriptText = (name: string): string =>
  readFileSync(new URL(`./${name}.js`, import.meta.url), 'utf8')

/** How a kind differs in a technique; null where it does not. */
export const deviationOf = (technique: string, kind: PageKind): Deviation | null =>
  pageOf(technique).deviations?.[kind] ?? null

/** The conformance cases that a kind cannot pass in a technique, with the reason. */
export function caseDeviations(technique: string, kind: PageKind): Readonly<Record<string, string>> {
  const { cases = {} } = pageOf(technique)
  return {
    'idle connection': 'a page script keeps no timer of silence: it waits until the browser reports an error',
    ...cases.both,
    ...cases[kind],
  }
}

/** Where a client process finds the clients of each kind: in the source tree TypeScript, in the package JavaScript. */
export const pageModules: Readonly<Record<PageKind, string>> = {
  dom: new URL(`./dom${extname(import.meta.url)}`, import.meta.url).href,
  browser: new URL(`./browser${extname(import.meta.url)}`, import.meta.url).href,
}

/**
 * What identifies a kind of page on the wire: a part of its User-Agent. An automated browser says that it is headless;
 * what the window in jsdom sends through undici carries the User-Agent of its page.
 */
export const userAgents: Readonly<Record<PageKind, string>> = { dom: 'jsdom/', browser: 'HeadlessChrome/' }

/** What a client process needs of a client technique; settings and drain come from the wire client's adapter. */
export type PageClient = Pick<ClientTechnique, 'create'>

/** A client for every technique with a page script. */
export function pageClients(
  create: (
    context: ClientContext,
    technique: string,
    values: SettingValues,
  ) => ReturnType<PageClient['create']>,
): Record<string, PageClient> {
  return Object.fromEntries(
    Object.keys(pages).map(technique => [
      technique,
      { create: (context, values) => create(context, technique, values) },
    ]),
  )
}
