/** First in, first out, with room for `N`. */

@struct
export class BoundedQueue<T, N extends number> {
  readonly items = new FixedArray<T, N>();
  /** Where the oldest one is. */
  head: usize = 0;
  count: usize = 0;

  isEmpty(): boolean {
    return this.count === 0;
  }

  isFull(): boolean {
    return this.count === this.items.length;
  }

  /** False where there is no room. */
  push(item: T): boolean {
    if (this.isFull()) return false;
    this.items[this.wrap(this.head + this.count)] = item;
    this.count++;
    return true;
  }

  /** The oldest one, which there must be. */
  pop(): T {
    assert(this.count > 0, "an empty queue has nothing to give");
    const item = this.items[this.head];
    this.head = this.wrap(this.head + 1);
    this.count--;
    return item;
  }

  wrap(place: usize): usize {
    return place < this.items.length ? place : place - this.items.length;
  }
}
