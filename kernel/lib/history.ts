/** The last bytes that were written, kept until somebody can show them. */

/** A ring that forgets its oldest bytes when it is full. A byte's place is how many were written before it. */
@struct
export class History {
  readonly bytes = new FixedArray<u8, 8192>();
  /** Bytes ever written. */
  written: u64 = 0;

  append(bytes: Slice<u8>): void {
    for (const byte of bytes) {
      this.bytes[this.written & 8191] = byte;
      this.written++;
    }
  }

  /** The place of the oldest byte that is kept: so many were overwritten. */
  oldest(): u64 {
    return this.written > this.bytes.length ? this.written - this.bytes.length : 0;
  }

  /** Bytes from `place` on and before `end`, as many as lie in one piece; both places are kept ones. */
  piece(place: u64, end: u64): Slice<u8> {
    const start: u64 = place & 8191;
    return this.bytes.slice(start, min<u64>(start + (end - place), this.bytes.length));
  }
}
