import assert from 'node:assert/strict'
import { test } from 'node:test'
import { milliseconds } from '../../../model/units.ts'
import { Heartbeats } from '../../../servers/http/heartbeats.ts'
import { Phases } from '../../../servers/http/phases.ts'
import { Topic } from '../../../servers/http/topic.ts'
import { sse } from '../../../servers/sse.ts'
import { eventually, serve } from '../../served.ts'

test('phases fill a period evenly, however many there are, and the first is the whole of it', () => {
  for (const count of [1, 2, 10, 1_000]) {
    const phases = new Phases()
    const shares = Array.from({ length: count }, () => phases.next())
    assert.equal(shares[0], 1)
    const sorted = [0, ...shares.sort((one, other) => one - other)]
    const widest = Math.max(...sorted.slice(1).map((share, index) => share - (sorted[index] ?? 0)))
    assert.ok(sorted[1] !== 0 && widest <= 2 / count, `${widest} between two of ${count}`)
  }
})

test('streams of different topics have heartbeats at different moments, each after whole silences', t => {
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] })
  const beats: string[] = []
  let now = 0
  const heartbeats = new Heartbeats<string>(
    milliseconds(1_000),
    names => void beats.push(`${[...names]} ${now}`),
    true,
  )
  const topics = ['a', 'b', 'c'].map(name => {
    const topic = new Topic<string>('log', 10)
    topic.subscribers.add(name)
    heartbeats.watch(topic)
    return topic
  })
  for (now = 1; now <= 2_400; now++) {
    t.mock.timers.tick(1)
    if (now === 50 && topics[2] !== undefined) heartbeats.silenceEnds(topics[2])
  }
  heartbeats.close()
  // The shares of the first three are 1, 0.382 and 0.764; an event at 50 restarted the third silence.
  assert.deepEqual(beats, ['b 382', 'a 1000', 'c 1050', 'b 1382', 'a 2000', 'c 2050', 'b 2382'])
})

test('streams that are opened together do not end together; the next of a connection lives its whole life', async t => {
  const lifetimeMs = 300
  const served = await serve(t, sse, { settings: { lifetime: milliseconds(lifetimeMs) } })
  const lives: { stream: number; ms: number }[] = []
  for (const stream of [0, 1, 2]) {
    const raw = await served.connection()
    const live = async (): Promise<void> => {
      const openedAt = performance.now()
      raw.get(`/events?stream=${stream}&since=0`)
      await raw.through('0\r\n\r\n')
      lives.push({ stream, ms: performance.now() - openedAt })
    }
    void live().then(live)
    await eventually(() => served.server.subscribers === stream + 1, 'the stream to be open')
  }
  await eventually(() => lives.length === 6, 'every stream to end twice')
  assert.deepEqual(
    lives.slice(0, 3).map(({ stream }) => stream),
    [1, 2, 0],
  )
  for (const { ms } of lives.slice(3)) assert.ok(ms >= lifetimeMs - 2, `${ms} ms`)
})
