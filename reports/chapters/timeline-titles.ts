/** What a timeline shows, as the title of its chart: the longest pause, and whether anything fell behind. */
import type { Series } from '../../results/reading.ts'
import type { TimelinePoint } from '../../results/result.ts'
import { seriesBand } from '../../results/tie-band.ts'
import { median } from '../../statistics/order-statistics.ts'
import { showPlain } from '../display.ts'

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

/** The track for which a number is the largest; null without any. */
const largest = (all: readonly Track[], read: (track: Track) => number | null) =>
  all
    .flatMap(track => {
      const value = read(track)
      return value === null || !Number.isFinite(value) ? [] : [{ label: track.series.label, value }]
    })
    .reduce<{ label: string; value: number } | null>(
      (most, each) => (most === null || each.value > most.value ? each : most),
      null,
    )

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

/**
 * How many times as long p99 was in the last third of the window as in the first, where it grew by more than the
 * measurement error; null where it did not, or a third has none.
 */
function tailGrowth(track: Track): number | null {
  const window = windowOf(track)
  const third = Math.floor(window.length / 3)
  const [first, last] = [window.slice(0, third), window.slice(window.length - third)].map(part =>
    median(part.flatMap(({ latencyP99Micros }) => latencyP99Micros ?? [])),
  )
  return first !== undefined &&
    last !== undefined &&
    first > 0 &&
    last - first > (seriesBand(track.series) ?? 0)
    ? last / first
    : null
}

/** Which technique fell behind the most. */
export function growthTitle(tracks: readonly Track[]): string | null {
  const growth = largest(tracks, tailGrowth)
  if (tracks.length === 0) return null
  return growth === null
    ? 'Nothing fell behind: p99 did not rise from the first third to the last'
    : `p99 of ${growth.label} rose ${growth.value.toFixed(1)}-fold from the first third to the last`
}
