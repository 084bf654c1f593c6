import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findMetric, metric, metrics } from '../../results/metrics.ts'
import { measurementOf, unmeasured } from './fixture.ts'
import { herdMeasurementOf, stormMeasurementOf } from './storms.ts'

test('every metric has a name of its own, a description of one line and a direction', () => {
  assert.equal(new Set(metrics.map(each => each.name)).size, metrics.length)
  for (const each of metrics) {
    assert.match(each.description, /^[^\n]+[^.\n]$/, each.name)
    assert.match(each.name, /^[a-z][A-Za-z0-9]*(\.[a-z][A-Za-z0-9]*)?$/)
  }
})

test('the metrics that the design names exist', () => {
  for (const name of [
    'latency.p99',
    'service.p50',
    'wait.mean',
    'rearm.p50',
    'skew.p99',
    'connect.p99',
    'emptyRatio',
    'bytes.perDelivery',
    'bytes.overheadRatio',
    'server.cpuPerDelivery',
    'server.rssPerClient',
    'fleet.cpuPerDelivery',
    'events.lost',
    'events.duplicated',
    'publisher.lagP99',
  ]) {
    assert.ok(findMetric(name), name)
  }
  assert.equal(findMetric('latency.p98'), undefined)
  assert.equal(findMetric('constructor'), undefined)
})

test('a metric reads the stored value in its unit', () => {
  const measurement = measurementOf({
    technique: 'polling',
    toServer: 610,
    overhead: 240,
    cpu: 92,
    lost: 100,
  })
  assert.equal(metric('latency.p99').read(measurement), measurement.latencyMicros?.p99)
  assert.equal(metric('bytes.perDelivery').read(measurement), 978)
  for (const name of ['ingress.perDelivery', 'bytes.toServerPerDelivery'] as const)
    assert.equal(metric(name).read(measurement), 610)
  for (const name of ['egress.perDelivery', 'bytes.toClientsPerDelivery'] as const)
    assert.equal(metric(name).read(measurement), 368)
  assert.equal(metric('egress.total').read(measurement), 368 * 900)
  assert.equal(metric('ingress.total').read(measurement), 610 * 900)
  assert.equal(metric('egress.overheadRatio').read(measurement), 240 / 128)
  assert.equal(metric('server.cpu').read(measurement), 92_000)
  assert.equal(metric('server.cpu').unit, 'µs')
  assert.equal(metric('events.lostRatio').read(measurement), 0.1)
  assert.equal(metric('errors.total').read(measurement), 0)
})

test('a time that so many clients never reached is infinite; without affected clients there is none', () => {
  const never = stormMeasurementOf({ technique: 'sse', neverBack: 37 })
  assert.equal(metric('storm.backP99').read(never), Number.POSITIVE_INFINITY)
  assert.equal(metric('storm.backAfterReturnMax').read(never), Number.POSITIVE_INFINITY)
  assert.ok((metric('storm.backP50').read(never) ?? Number.NaN) < 60e6)
  assert.equal(metric('storm.neverBack').read(never), 37)
  assert.equal(metric('storm.backP99').read(herdMeasurementOf('polling')), null)
})

test('what was not measured reads as null, never as 0 or NaN', () => {
  const measurement = unmeasured('sse')
  for (const each of metrics) {
    const value = each.read(measurement)
    assert.ok(value === null || Number.isFinite(value), `${each.name} reads ${value}`)
  }
  for (const name of [
    'latency.p50',
    'wait.mean',
    'emptyRatio',
    'bytes.perDelivery',
    'bytes.toServerPerDelivery',
    'server.cpu',
    'server.rssPerClient',
    'publisher.lagP99',
    'events.lostRatio',
    'predicted.emptyRatio',
  ] as const) {
    assert.equal(metric(name).read(measurement), null, name)
  }
})

const stormNames = metrics.filter(({ name }) => name.startsWith('storm.')).map(({ name }) => name)

test('the metrics of storms exist, and read null where no fault was asked for', () => {
  for (const name of [
    'storm.peakArrivals',
    'storm.backP50',
    'storm.backP99',
    'storm.backMax',
    'storm.backAfterReturnP99',
    'storm.neverBack',
    'storm.wastedPerClient',
    'storm.lost',
    'storm.listenOverflows',
  ]) {
    assert.ok(findMetric(name), name)
  }
  for (const name of stormNames)
    assert.equal(metric(name).read(measurementOf({ technique: 'sse' })), null, name)
})

test('a metric of a storm reads the stored value', () => {
  const measurement = stormMeasurementOf({ technique: 'sse', backoff: 'eventsource', lost: 3 })
  const { storm } = measurement
  assert.ok(storm)
  const read = (name: (typeof metrics)[number]['name']) => metric(name).read(measurement)
  assert.equal(read('storm.peakArrivals'), storm.peakArrivalsPer100ms)
  assert.equal(read('storm.peakArrivalsRatio'), storm.peakArrivalsPer100ms / 1_000)
  assert.equal(read('storm.backP99'), storm.backMicros?.p99)
  assert.equal(read('storm.backAfterReturnMax'), storm.backAfterReturnMicros?.max)
  assert.equal(read('storm.noticedMax'), storm.noticedMicros?.max)
  assert.equal(read('storm.wastedPerClient'), storm.wastedPerClient)
  assert.equal(read('storm.lost'), 3)
  assert.equal(read('storm.listenOverflows'), null)
  assert.equal(read('storm.simulatedBackP99'), storm.simulated?.backMicros?.p99)
  assert.equal(read('storm.secondMetArmedRatio'), null)
})

test('of a herd, second events that met a waiting request are a share of all second deliveries', () => {
  // 25 %, 50 % and 100 % of three events for 1,000 clients.
  assert.equal(metric('storm.secondMetArmedRatio').read(herdMeasurementOf('long-polling')), 1_750 / 3_000)
})
