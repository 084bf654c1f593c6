/** What others take of a machine: exact numbers from files that are made up, and this process on this machine. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OthersMeter, otherShare, type ProcFiles, readCpuTicks } from '../../../measure/run/machine-cpu.ts'
import { instant } from '../../../model/units.ts'

/** Parent, utime, stime, cutime and cstime of processes, by their ids. */
type Processes = Readonly<Record<number, readonly [number, number, number, number, number]>>

/** A machine whose files say this. @param cpu the fields of the first line of /proc/stat */
const machine = (cpu: string | null, processes: Processes): ProcFiles => ({
  pids: () => Object.keys(processes).map(Number),
  text(path) {
    if (path === '/proc/stat') return cpu === null ? null : `cpu  ${cpu}\ncpu0 1 1 1 1 1 1 1 1 0 0\n`
    const id = Number(path.split('/')[2])
    const [parent, ...times] = processes[id] ?? []
    return parent === undefined
      ? null
      : `${id} (a (bad) name) S ${parent} 1 1 0 -1 4194304 9 9 9 9 ${times.join(' ')} 20 0 11 0 77`
  },
})

const read = (cpu: string | null, processes: Processes, roots: readonly number[] = [10]) =>
  readCpuTicks(roots, machine(cpu, processes))

test('busy is what processes and other guests had; idle time, waits and interrupts are not', () => {
  const ticks = read('100 20 30 400 50 6 7 8 90 9', {})
  assert.deepEqual(ticks, { all: 621, busy: 158, own: 0 })
})

test('own is the time of the roots, their descendants, and children that have ended', () => {
  const processes: Processes = {
    1: [0, 500, 500, 0, 0],
    10: [1, 1, 2, 3, 4],
    11: [10, 10, 20, 0, 0],
    12: [11, 100, 200, 0, 0],
    20: [1, 1_000, 0, 0, 0],
    21: [20, 2_000, 0, 0, 0],
  }
  assert.equal(read('1 1 1 1 1 1 1 1', processes)?.own, 340)
  // The processes of a target descend from another, or are named along with their parents.
  assert.equal(read('1 1 1 1 1 1 1 1', processes, [10, 20])?.own, 3_340)
  assert.equal(read('1 1 1 1 1 1 1 1', processes, [10, 11, 12])?.own, 340)
})

test('the share of others is what neither idled nor was of the run', () => {
  const before = read('1000 0 100 5000 100 0 10 20', { 10: [1, 100, 50, 0, 0], 11: [10, 40, 10, 0, 0] })
  // 1,000 ticks pass: 310 of processes and 50 stolen. The run took 160: 60 itself, 100 by a child that has ended since.
  const after = read('1250 0 160 5600 110 0 40 70', { 10: [1, 140, 70, 120, 30] })
  assert.ok(before && after)
  assert.equal(after.all - before.all, 1_000)
  assert.equal(otherShare(before, after), 0.2)
})

test('a share is never below 0, and there is none where no time passed', () => {
  const before = { all: 100, busy: 50, own: 0 }
  assert.equal(otherShare(before, { all: 200, busy: 60, own: 12 }), 0)
  assert.equal(otherShare(before, before), null)
})

test('nothing is known where the machine does not report it', () => {
  assert.equal(read(null, {}), null)
  assert.equal(read('', {}), null)
})

test('a window that ends early is measured to its new end, and a window that never ended is not known', () => {
  let [now, readings] = [0, 0]
  const meter = new OthersMeter(
    () => instant(now),
    [10],
    () => {
      readings++
      return { all: readings * 100, busy: readings * 30, own: 0 }
    },
  )
  meter.watch({ from: instant(0), to: instant(60_000_000) })
  assert.equal(meter.share, null)
  now = 1_000
  meter.watch({ from: instant(0), to: instant(500) })
  assert.equal(meter.share, 0.3)
  meter.watch({ from: instant(0), to: instant(600) })
  assert.equal(readings, 2, 'nothing is read again')
  meter.close()
})

test('the ticks of this machine hold those of this process', () => {
  const [before, used] = [readCpuTicks([process.pid]), process.cpuUsage()]
  const usedMs = (): number => {
    const { user, system } = process.cpuUsage(used)
    return (user + system) / 1_000
  }
  while (usedMs() < 300);
  const after = readCpuTicks([process.pid])
  assert.ok(before && after)
  const own = after.own - before.own
  assert.ok(own >= 28, `${own} ticks of 10 ms for 300 ms of CPU time`)
  assert.ok(after.all - before.all >= own)
})
