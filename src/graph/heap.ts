/** A priority queue of numbers: picks the next migration in O(log n), however many are ready. */

/** Gives back the smallest number first. */
export class NumberHeap {
  readonly #items: number[] = [];

  get size(): number {
    return this.#items.length;
  }

  push(item: number): void {
    const items = this.#items;
    let hole = items.length;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (this.#at(parent) <= item) break;
      items[hole] = this.#at(parent);
      hole = parent;
    }
    items[hole] = item;
  }

  /** Takes the smallest number out; undefined when there is none left. */
  pop(): number | undefined {
    const smallest = this.#items[0];
    const last = this.#items.pop();
    if (last !== undefined && this.size > 0) this.#sink(last);
    return smallest;
  }

  /** Puts `item` into the hole at the top, and moves smaller ones up on its way down. */
  #sink(item: number): void {
    let hole = 0;
    for (let child = 1; child < this.size; child = 2 * hole + 1) {
      if (child + 1 < this.size && this.#at(child + 1) < this.#at(child)) child += 1;
      if (item <= this.#at(child)) break;
      this.#items[hole] = this.#at(child);
      hole = child;
    }
    this.#items[hole] = item;
  }

  #at(index: number): number {
    return this.#items[index] as number;
  }
}
