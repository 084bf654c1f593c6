/** When connections are pinged: each once in every interval, and never all at once. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { milliseconds, seconds } from '../../../model/units.ts'
import { Pings } from '../../../servers/http/pings.ts'

/** Pings of so many connections every 25 s on a virtual clock; each entry is one turn of the timer. */
function pinging(t: TestContext, connections: number, every = seconds(25)) {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] })
  const rounds: number[][] = []
  const pings = new Pings<number>(every, due => rounds.push([...due]), Date.now)
  const removals = Array.from({ length: connections }, (_, connection) => pings.add(connection))
  t.after(() => pings.close())
  return { pings, rounds, removals, pass: (ms: number) => t.mock.timers.tick(ms) }
}

for (const connections of [100, 5_000, 50_000]) {
  test(`${connections} connections are pinged evenly over the interval, each once`, t => {
    const { rounds, pass } = pinging(t, connections)
    pass(25_000)
    const pinged = rounds.flat()
    assert.equal(pinged.length, connections)
    assert.equal(new Set(pinged).size, connections)
    const fair = connections / 64
    assert.ok(
      rounds.every(({ length }) => length <= fair + 3),
      `${rounds.map(({ length }) => length)}`,
    )
  })
}

test('those that connect last lie as evenly as the first, and the very first waits for a whole interval', t => {
  const { rounds, pass } = pinging(t, 1_000)
  pass(25_000)
  assert.ok(rounds.at(-1)?.includes(0))
  assert.ok(rounds.filter(round => round.some(connection => connection >= 900)).length > 50)
})

test('from one ping of a connection to the next it is one interval', t => {
  const { rounds, pass } = pinging(t, 500)
  pass(75_000)
  for (let connection = 0; connection < 500; connection++) {
    const at = rounds.flatMap((round, turn) => (round.includes(connection) ? turn : []))
    assert.ok(at.length >= 3, `${at}`)
    for (const [index, turn] of at.entries()) assert.equal(turn - (at[0] ?? 0), index * 64)
  }
})

test('turns that come late do not put off those that follow', t => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  let now = 0
  let pinged = 0
  const pings = new Pings<number>(
    seconds(10),
    due => {
      pinged += due.size
    },
    () => now,
  )
  t.after(() => pings.close())
  for (let connection = 0; connection < 640; connection++) pings.add(connection)
  // The clock of the timers runs slow, so that each of them fires late.
  while (now < 100_000) {
    t.mock.timers.tick(30)
    now += 50
  }
  assert.ok(Math.abs(pinged - 6_400) <= 40, `${pinged} pings in ten intervals`)
})

test('a connection that has left is pinged no more, and 0 pings nobody', t => {
  const { rounds, removals, pass } = pinging(t, 3)
  removals[1]?.()
  pass(25_000)
  assert.deepEqual(rounds.flat().toSorted(), [0, 2])
  const none = new Pings<number>(milliseconds(0), () => assert.fail('nobody asked for a ping'))
  none.add(1)
  pass(100_000)
})
