/**
 * What a child process writes to stdout and stderr: its beginning and its end, at most 1 MiB.
 *
 * It goes to a file, because a server pays for what it writes while it is measured: a line costs about 5 us more than
 * into nothing, through a pipe to this process 20 us, and a full pipe stops the server until this process reads.
 */
import { closeSync, fstatSync, ftruncateSync, openSync, readSync, unlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { placed } from '../messages/error-text.ts'

/** Kept of the beginning and of the end, in bytes. */
const keptAtEachEnd = 512 * 1_024
const whole = 2 * keptAtEachEnd
/** A file that is larger is emptied, looked at this often. */
const [largestFile, lookMs] = [4 * whole, 200]
/** How many of the last bytes are looked through for what a message quotes. */
const quotedFrom = 8_192
/** Lines of the end that a message quotes, and characters of each. */
const [quotedLines, quotedCharacters] = [3, 200]

let files = 0

export class ChildOutput {
  /** Where the child is to write. It has no name, so that nothing is left of it when this process ends. */
  readonly file: number
  readonly #looking: NodeJS.Timeout
  #open = true
  /** The beginning; null as long as the file holds everything. */
  #head: Buffer | null = null
  /** What came last before the file was emptied. */
  #tail: Buffer = Buffer.alloc(0)
  /** Bytes between the two. */
  #left = 0

  constructor() {
    const path = join(tmpdir(), `pushbench-output-${process.pid}-${files++}`)
    this.file = openSync(path, 'ax+', 0o600)
    unlinkSync(path)
    this.#looking = setInterval(() => this.#look(), lookMs).unref()
  }

  /** Takes what is in the file, and gives it up: the child has ended. */
  end(): void {
    if (!this.#open) return
    clearInterval(this.#looking)
    this.#look(whole)
    this.#tail = Buffer.concat([this.#tail, this.#read(0)])
    this.#open = false
    closeSync(this.file)
  }

  /** All of it. Where that is more than 1 MiB, its beginning and its end in whole lines, and how much was left out. */
  text(): string {
    const tail = Buffer.concat([this.#tail, this.#unread()])
    if (this.#head === null) return tail.toString()
    const headEnd = this.#head.lastIndexOf('\n') + 1 || this.#head.length
    const from = Math.max(0, tail.length - keptAtEachEnd)
    // Whole lines: half a line may be half a secret, which is then not masked.
    const lineStart = tail.indexOf('\n', from) + 1 || from
    const left = this.#head.length - headEnd + this.#left + lineStart
    return [
      this.#head.subarray(0, headEnd).toString(),
      `[pushbench left out ${left} bytes here: a log has at most 1 MiB]\n`,
      tail.subarray(lineStart).toString(),
    ].join('')
  }

  /** The last lines that are not empty, each shortened; empty where nothing was written. */
  lastLines(): string[] {
    return this.#endLines()
      .map(line => line.trim())
      .filter(line => line !== '')
      .slice(-quotedLines)
      .map(line => (line.length > quotedCharacters ? `${line.slice(0, quotedCharacters)}…` : line))
  }

  /** The error of which Node.js wrote the stack when it ended, with its place; undefined where it wrote none. */
  lastError(): string | undefined {
    const lines = this.#endLines()
    const at = lines.findLastIndex(line => /^\w*Error\b.*:/.test(line))
    const [error, ...stack] = at < 0 ? [] : lines.slice(at)
    // A line alone may be anything that the process reported before it ended for another reason.
    return error !== undefined && stack.some(line => /^Node\.js v\d/.test(line))
      ? placed(error, stack.join('\n'))
      : undefined
  }

  #endLines(): string[] {
    const end = Buffer.concat([this.#tail, this.#unread(quotedFrom)])
    return end.subarray(-quotedFrom).toString().split(/\r?\n/)
  }

  #size(): number {
    return this.#open ? fstatSync(this.file).size : 0
  }

  /** The last bytes of the file. */
  #unread(most = largestFile): Buffer {
    return this.#open ? this.#read(Math.max(0, this.#size() - most)) : Buffer.alloc(0)
  }

  /** The file from there on. */
  #read(from: number, most = Number.POSITIVE_INFINITY): Buffer {
    const buffer = Buffer.alloc(Math.max(0, Math.min(this.#size() - from, most)))
    return buffer.subarray(0, readSync(this.file, buffer, 0, buffer.length, from))
  }

  /** Empties a file that has become too large; what is written at this very moment may be lost. */
  #look(largest = largestFile): void {
    const size = this.#size()
    if (this.#head === null ? size <= largest : size <= keptAtEachEnd) return
    const from = this.#head === null ? keptAtEachEnd : 0
    this.#head ??= this.#read(0, keptAtEachEnd)
    const end = this.#read(Math.max(from, size - keptAtEachEnd))
    const tail = Buffer.concat([this.#tail, end]).subarray(-keptAtEachEnd)
    this.#left += this.#tail.length + size - from - tail.length
    this.#tail = tail
    ftruncateSync(this.file)
  }
}
