/** A binary heap: finds the smallest item in logarithmic time. On the hot path of relay and publisher. */
export class Heap<T> {
  readonly #items: T[] = []
  readonly #before: (a: T, b: T) => boolean

  /** @param before whether `a` comes before `b`; false for two that are equal */
  constructor(before: (a: T, b: T) => boolean) {
    this.#before = before
  }

  /** The item that comes before all others; undefined when empty. */
  get least(): T | undefined {
    return this.#items[0]
  }

  /** Adds an item, whose place in the order may not change until it is removed or {@link sinkLeast} is called. */
  add(item: T): void {
    const items = this.#items
    let hole = items.push(item) - 1
    while (hole > 0) {
      const parent = (hole - 1) >> 1
      const above = items[parent] as T
      if (!this.#before(item, above)) break
      items[hole] = above
      hole = parent
    }
    items[hole] = item
  }

  removeLeast(): void {
    const last = this.#items.pop()
    if (last === undefined || this.#items.length === 0) return
    this.#items[0] = last
    this.sinkLeast()
  }

  /** Restores the order after the least item has moved back in it. */
  sinkLeast(): void {
    const items = this.#items
    const root = items[0]
    if (root === undefined) return
    let hole = 0
    for (;;) {
      let child = 2 * hole + 1
      let least = items[child]
      if (least === undefined) break
      const right = items[child + 1]
      if (right !== undefined && this.#before(right, least)) {
        least = right
        child++
      }
      if (!this.#before(least, root)) break
      items[hole] = least
      hole = child
    }
    items[hole] = root
  }

  clear(): void {
    this.#items.length = 0
  }
}
