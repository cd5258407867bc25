/** Bytes that wait, first in, first out, with room for `N`: a power of two. */

@struct
export class ByteQueue<N extends number> {
  readonly bytes = new FixedArray<u8, N>();
  /** Bytes ever taken out. */
  taken: usize = 0;
  length: usize = 0;

  room(): usize {
    return this.bytes.length - this.length;
  }

  /** Adds as many bytes as there is room for, and says how many. */
  push(bytes: Slice<u8>): usize {
    const count: usize = min<usize>(bytes.length, this.room());
    const mask: usize = this.bytes.length - 1;
    let place: usize = this.taken + this.length;
    for (const byte of bytes.slice(0, count)) {
      this.bytes[place & mask] = byte;
      place++;
    }
    this.length += count;
    return count;
  }

  /** The oldest bytes, as many as lie in one piece; `drop` takes them out. */
  front(): Slice<u8> {
    const place: usize = this.taken & (this.bytes.length - 1);
    return this.bytes.slice(place, place + min<usize>(this.length, this.bytes.length - place));
  }

  /** Takes out the oldest `count` bytes. */
  drop(count: usize): void {
    assert(count <= this.length, "no more is taken out than is there");
    this.taken += count;
    this.length -= count;
  }
}
