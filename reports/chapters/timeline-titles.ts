/** What a timeline shows, as the title of its chart: the longest pause, and whether anything fell behind. */
import type { Series } from '../../results/reading.ts'
import type { TimelinePoint } from '../../results/result.ts'
import { seriesBand } from '../../results/tie-band.ts'
import { median } from '../../statistics/order-statistics.ts'
import { listed, showPlain } from '../display.ts'

/** One line's worth of a timeline. */
export interface Track {
  readonly series: Series
  readonly index: number
  readonly timeline: readonly TimelinePoint[]
  /** How long the measured window was: bins after it hold what was still on its way. */
  readonly durationMicros: number
}

/** The bins that lie in the measured window: neither warm-up nor the wait for the last events. */
const windowOf = ({ timeline, durationMicros }: Track): readonly TimelinePoint[] =>
  timeline.filter(({ atMicros, widthMicros }) => atMicros >= 0 && atMicros + widthMicros <= durationMicros)

/** More names than this are counted. */
const mostNamed = 2

const namesOf = (labels: readonly string[], of: number): string =>
  labels.length <= mostNamed
    ? listed(labels)
    : `${labels.length === of ? 'all' : `${labels.length} of`} ${of} techniques`

/** The tracks for which a number is the largest, in words; null without any. */
function largest(all: readonly Track[], read: (track: Track) => number | null) {
  const numbers = all.flatMap(track => {
    const value = read(track)
    return value === null || !Number.isFinite(value) ? [] : [{ label: track.series.label, value }]
  })
  if (numbers.length === 0) return null
  const value = Math.max(...numbers.map(each => each.value))
  const labels = numbers.filter(each => each.value === value).map(({ label }) => label)
  return { value, label: namesOf(labels, all.length) }
}

/** The longest time of the window in which nothing was delivered, in microseconds. */
function longestPause(track: Track): number {
  let [longest, current] = [0, 0]
  for (const { widthMicros, delivered } of windowOf(track)) {
    current = delivered > 0 ? 0 : current + widthMicros
    longest = Math.max(longest, current)
  }
  return longest
}

/** The longest time without a delivery. */
export function pauseTitle(tracks: readonly Track[]): string | null {
  const pause = largest(tracks, longestPause)
  if (pause === null) return null
  return pause.value === 0
    ? 'Nothing paused: events were delivered in every bin'
    : `The longest pause without a delivery was ${showPlain(pause.value, 'µs')}, with ${pause.label}`
}

/** A p99 of fewer events is the slowest of them. */
const eventsForTail = 100

/** The first and the last third of the window. */
function thirdsOf(track: Track): readonly (readonly TimelinePoint[])[] {
  const window = windowOf(track)
  const third = Math.floor(window.length / 3)
  return [window.slice(0, third), window.slice(window.length - third)]
}

/** Whether both thirds have enough events for a p99. */
const showsTail = (track: Track): boolean =>
  thirdsOf(track).every(third => third.reduce((sum, { delivered }) => sum + delivered, 0) >= eventsForTail)

/**
 * How many times as long p99 was in the last third of the window as in the first, where it grew by more than the
 * measurement error; null where it did not.
 */
function tailGrowth(track: Track): number | null {
  const [first = 0, last = 0] = thirdsOf(track).map(third =>
    median(third.flatMap(({ latencyP99Micros }) => latencyP99Micros ?? [])),
  )
  return first > 0 && last - first > (seriesBand(track.series) ?? 0) ? last / first : null
}

/** Which technique fell behind the most, of those with enough events to tell. */
export function growthTitle(tracks: readonly Track[]): string | null {
  if (tracks.length === 0) return null
  const shown = tracks.filter(showsTail)
  if (shown.length === 0) return 'Too few events to tell whether anything fell behind'
  const growth = largest(shown, tailGrowth)
  if (growth !== null)
    return `p99 of ${growth.label} rose ${growth.value.toFixed(1)}-fold from the first third to the last`
  return shown.length === tracks.length
    ? 'Nothing fell behind: p99 did not rise from the first third to the last'
    : `p99 did not rise from the first third to the last with ${shown.length} of ${tracks.length} techniques; the others had too few events to tell`
}
