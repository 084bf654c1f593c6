import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type View, viewOn } from '../../bin/live-view.ts'
import type { Phase, Progress } from '../../measure/run/hooks.ts'
import { seconds } from '../../model/units.ts'
import { planRuns } from '../../plan/plan.ts'
import { measurementOf } from '../reports/fixture.ts'

const phases: readonly Phase[] = ['boot', 'connect', 'warm-up', 'measure', 'measure', 'drain', 'ceiling']
const plans = planRuns({ technique: ['polling', 'sse', 'websocket'], clients: 10 })

/** A screen that keeps what is written to it. */
function screenOf(isTTY: boolean) {
  const texts: string[] = []
  return { write: (text: string) => void texts.push(text), isTTY, columns: 80, text: () => texts.join('') }
}

/** What a view writes while runs go through all phases; the second one fails and says why. */
function written(everyPhase: boolean, isTTY = false): string {
  const screen = screenOf(isTTY)
  const view: View = viewOn(screen, everyPhase)
  for (const [at, plan] of plans.entries()) {
    view.begin(plan, at + 1, plans.length)
    for (const phase of phases) {
      const progress: Progress = { phase, connected: 10, received: 7, remaining: seconds(3) }
      view.progress(progress)
    }
    const failures = at === 1 ? ['2 of 10 deliveries were lost'] : []
    view.end(measurementOf({ technique: plan.pair.technique, failures, emptyRatio: 0.132 }))
    for (const failure of failures) view.say(failure)
  }
  view.clear()
  return screen.text()
}

test('without a terminal each run is one line that ends with its key figures', () => {
  const lines = written(false).trimEnd().split('\n')
  assert.equal(lines.length, plans.length + 1)
  assert.match(
    lines[0] ?? '',
    /^\[1\/3\] polling \(steady\) {2}measuring: 10 connected; passed, delivered 1,000, p50 [\d.]+ ms, p99 [\d.]+ ms, empty 13\.2 %$/,
  )
  assert.match(lines[1] ?? '', /^\[2\/3\] sse .*; failed, /)
  assert.equal(lines[2], '2 of 10 deliveries were lost')
})

test('a run that is cut short leaves its line, and what follows begins another', () => {
  const screen = screenOf(false)
  const view = viewOn(screen, false)
  const [plan] = plans
  assert.ok(plan)
  view.begin(plan, 1, 1)
  view.progress({ phase: 'measure', connected: 9, received: 0, remaining: seconds(3) })
  view.clear()
  view.say('stopped')
  assert.equal(screen.text(), '[1/1] polling (steady)  measuring: 9 connected\nstopped\n')
})

test('--progress prints a line for each phase, and none twice within seconds', () => {
  const lines = written(true)
    .split('\n')
    .filter(line => line.startsWith('[1/3]'))
  assert.equal(lines.length, new Set(phases).size + 1)
  assert.match(lines.at(-2) ?? '', /asking as fast as the server answers: 10 connected/)
})

test('a terminal keeps nothing but what is said', () => {
  const text = written(false, true)
  assert.ok(text.endsWith('\r\x1b[2K'))
  assert.deepEqual(
    text.split('\n').map(line => line.split('\r\x1b[2K').at(-1)),
    ['2 of 10 deliveries were lost', ''],
  )
})
