import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PulseServices, Pulses } from '../../../measure/messages/single-events.ts'
import { type Instant, instant, micros } from '../../../model/units.ts'

test('clients report for each event how many have it and how late it was', () => {
  const pulses = new Pulses()
  pulses.received(2, micros(500))
  pulses.received(1, micros(100))
  pulses.received(1, micros(300))
  const [second, first] = pulses.counts()
  assert.deepEqual([first?.seq, first?.delivered, first?.latency.sum], [1, 2, 400])
  assert.deepEqual([second?.seq, second?.delivered, second?.latency.sum], [2, 1, 500])
})

/** The server's side, with a clock that stands where it is put. */
function serving() {
  let now = 0
  const services = new PulseServices((): Instant => instant(now))
  return {
    services,
    at(moment: number): PulseServices {
      now = moment
      return services
    },
  }
}

test('the server counts deliveries to a waiting request separately from those out of the log', () => {
  const { services } = serving()
  services.handedOver(1, micros(0), 10)
  services.handedOver(1, micros(250), 3)
  services.handedOver(1, micros(1), 2)
  const [service] = services.services()
  assert.deepEqual([service?.metArmed, service?.waited], [10, 5])
})

test('a request belongs to the newest event that the answer before it can have carried', () => {
  const { at, services } = serving()
  at(1_000).published(1)
  at(3_000).published(2)
  // Streams publish one after the other; the first to do so sets the time.
  at(9_000).published(2)
  at(900).rearmed(micros(100))
  at(1_500).rearmed(micros(500))
  at(3_400).rearmed(micros(401))
  at(3_400).rearmed(micros(400))
  const gaps = services.services().map(({ seq, rearm }) => [seq, rearm.count, rearm.sum])
  assert.deepEqual(gaps, [
    [1, 2, 901],
    [2, 1, 400],
  ])
})
