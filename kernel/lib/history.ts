/** The last bytes that were written, kept until somebody can show them. */

/** A ring that forgets its oldest bytes when it is full. */
@struct
export class History {
  readonly bytes = new FixedArray<u8, 4096>();
  /** Bytes ever written. */
  written: u64 = 0;

  append(bytes: Slice<u8>): void {
    for (const byte of bytes) {
      this.bytes[this.written & 4095] = byte;
      this.written++;
    }
  }

  /** Bytes that were overwritten before anybody saw them. */
  forgotten(): u64 {
    return this.written > this.bytes.length ? this.written - this.bytes.length : 0;
  }

  /** What is kept, oldest first: the first of two stretches. */
  older(): Slice<u8> {
    return this.forgotten() === 0 ? this.bytes.slice(0, this.written) : this.bytes.slice(this.written & 4095);
  }

  /** The second stretch. */
  newer(): Slice<u8> {
    return this.forgotten() === 0 ? this.bytes.slice(0, 0) : this.bytes.slice(0, this.written & 4095);
  }
}
