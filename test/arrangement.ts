/**
 * How the files of tests share processes and in which order they start. A process costs a quarter of a second of CPU time
 * before its first test; files of functions share one per folder. The others have a process each, and those that last
 * longest start first, so that none of them is left alone at the end.
 */

/** Folders whose tests call functions and share a process, each folder one: without sockets, processes or browsers. */
export const shared = [
  'compare',
  'measure/derive',
  'measure/time',
  'model',
  'plan',
  'reports',
  'results',
  'simulation',
  'statistics',
] as const

/** What starts first, the longest first: files, and folders with all that is in them. The rest follows by name. */
export const longestFirst = [
  'package.test.ts',
  'action.test.ts',
  'faults',
  'bin',
  'pages',
  'reports/page.test.ts',
  'docs',
  'verify',
  'reports',
  'relay',
  'scenarios',
  'compare',
  'measure',
] as const

/** Files in the folders above that start browsers, servers or processes, or last long. */
export const alone = [
  'compare/simulations.test.ts',
  'measure/derive/kinds.test.ts',
  'measure/time/delay-queue.test.ts',
  'reports/page.test.ts',
  'reports/gate/plot.test.ts',
  'reports/page/charts.test.ts',
  'reports/trend/trend.test.ts',
]

/** One process of tests. */
export interface Share {
  /** The file, or the folder of the files, from the folder of the tests. */
  readonly name: string
  readonly files: readonly string[]
}

const isIn = (path: string, place: string): boolean => path === place || path.startsWith(`${place}/`)

function rank({ name }: Share): number {
  const found = longestFirst.findIndex(place => isIn(name, place))
  return found === -1 ? longestFirst.length : found
}

/** @param files from the folder of the tests, e.g. `model/clock.test.ts` */
export function arrange(files: readonly string[]): Share[] {
  const nameOf = (file: string): string =>
    alone.includes(file) ? file : (shared.find(folder => isIn(file, folder)) ?? file)
  return [...Map.groupBy(files.toSorted(), nameOf)]
    .map(([name, files]) => ({ name, files }))
    .sort((a, b) => rank(a) - rank(b))
}
