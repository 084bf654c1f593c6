import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { calibrate, calibrationSchema, parseCalibration } from '../../compare/calibration.ts'
import { compareResults } from '../../compare/compare.ts'
import { UsageError } from '../../model/usage-error.ts'
import { ResultError } from '../../results/result.ts'
import { mannWhitney } from '../../statistics/mann-whitney.ts'
import { fewestRuns, Power, usualDemand } from '../../statistics/power.ts'
import { drawing, normal } from './random-samples.ts'
import { realistic, simulate, usual } from './simulated.ts'

const world = { random: drawing('calibration') }
const quiet = calibrate([simulate(['sse', 'polling'], 20, world), simulate(['sse', 'polling'], 20, world)])
const entry = (metric: string, series = 'sse') => {
  const found = quiet.series.find(each => each.metric === metric && each.series === series)
  assert.ok(found)
  return found
}

describe('the noise of a machine', () => {
  for (const [metric, cv] of [
    ['latency.p50', realistic.p50],
    ['latency.p99', realistic.p99],
    ['server.cpuPerDelivery', realistic.cpu],
    ['egress.perDelivery', realistic.bytes],
    ['emptyRatio', realistic.empty],
  ] as const) {
    test(`${metric}: ${cv} comes out of 40 runs`, () => {
      // Relative standard error 1 / sqrt(2 x 40 x 0.86) = 12 %; three of them.
      assert.ok(Math.abs(entry(metric).noise / cv - 1) < 0.36, `${entry(metric).noise}`)
      assert.equal(entry(metric).runs, 40)
    })
  }

  test('a quiet metric needs the fewest runs there are, a noisy one more', () => {
    const fewest = fewestRuns({ ...usualDemand, family: quiet.series.length })
    assert.equal(entry('egress.perDelivery').recommendedRuns, fewest)
    assert.ok((entry('latency.p99').recommendedRuns ?? 0) > (entry('latency.p50').recommendedRuns ?? 0))
    assert.equal(quiet.recommendedRuns, Math.max(...quiet.series.map(each => each.recommendedRuns ?? 0)))
  })

  test('it is valid by its own schema, and is read back as it was written', () => {
    assert.deepEqual(parseCalibration(JSON.stringify(quiet), 'noise.json'), quiet)
    assert.deepEqual(calibrationSchema.parse(quiet), quiet)
  })

  for (const [text, message] of [
    ['{"schemaVersion":1', /^noise\.json is not complete JSON/],
    ['{"schemaVersion":2}', /^noise\.json is not a calibration of this version at "schemaVersion"/],
  ] as const) {
    test(`${text} is refused in one sentence`, () => {
      assert.throws(
        () => parseCalibration(text, 'noise.json'),
        (error: unknown) => error instanceof ResultError && message.test(error.message),
      )
    })
  }

  test('single runs, no results, and results of two machines are refused', () => {
    const one = simulate(['sse'], 1, world)
    const elsewhere = { ...one, environment: { ...one.environment, cpu: 'Another CPU' } }
    assert.throws(() => calibrate([one]), UsageError)
    assert.throws(() => calibrate([]), UsageError)
    assert.throws(
      () => calibrate([one, elsewhere]),
      /environment\.cpu is Example CPU 2\.4 GHz .* Another CPU/,
    )
  })
})

describe('what the noise lets a comparison see', () => {
  const demand = { ...usualDemand, family: 10 }
  const power = new Power(demand)

  for (const [runs, family] of [
    [10, 1],
    [10, 10],
    [10, 150],
    [20, 10],
    [30, 150],
  ] as const) {
    test(`the minimum detectable effect of ${runs} runs a side and ${family} metrics is found about 8 times in 10`, () => {
      const random = drawing('power', runs, family)
      const effect = new Power({ ...usualDemand, family }).detectable(1, runs)
      assert.ok(effect !== null)
      const sample = (shift: number): number[] => Array.from({ length: runs }, () => shift + normal(random))
      const trials = 300
      let found = 0
      for (let trial = 0; trial < trials; trial++) {
        const p = mannWhitney(sample(0), sample(effect))?.twoSided ?? 1
        if (p <= usualDemand.level / family) found++
      }
      assert.ok(found / trials > 0.72 && found / trials < 0.9, `${found} of ${trials}`)
    })
  }

  test('with too few runs nothing is detectable, and no noise needs more than the fewest', () => {
    assert.equal(power.detectable(0.05, 4), null)
    assert.equal(power.recommendedRuns(0, 0.1), fewestRuns(demand))
    assert.equal(power.recommendedRuns(5, 0.1), null)
  })

  test('a minimum effect below what the machine resolves is raised, and that is said', () => {
    const spreads = { ...realistic, p50: 0.2 }
    const noisy = { random: drawing('noisy'), spreads }
    const calibration = calibrate([simulate(['sse'], 40, noisy)])
    const head = simulate(['sse'], 10, noisy, () => ({ ...usual, latencyMicros: usual.latencyMicros * 1.15 }))
    const { findings, notes } = compareResults(simulate(['sse'], 10, noisy), head, { calibration })
    const found = findings.find(({ metric }) => metric === 'latency.p50')
    assert.equal(found?.minimumRaisedFrom, 0.1)
    assert.ok((found?.minimumEffect ?? 0) > 0.2)
    assert.ok(
      notes.some(note =>
        /^latency\.p50 of sse in steady: this machine's noise hides 10 % at this number of runs, so \d+(\.\d)? % is asked for$/.test(
          note,
        ),
      ),
      notes.join('\n'),
    )
    const bytes = findings.find(({ metric }) => metric === 'egress.perDelivery')
    assert.equal(bytes?.minimumRaisedFrom, null)
  })

  test('a calibration of another machine is a difference', () => {
    const elsewhere = { ...quiet, environment: { ...quiet.environment, 'environment.cores': '64' } }
    const one = simulate(['sse'], 4, world)
    const names = compareResults(one, one, { calibration: elsewhere }).differences.map(({ name }) => name)
    assert.deepEqual(names, ['calibration: environment.cores'])
  })
})
