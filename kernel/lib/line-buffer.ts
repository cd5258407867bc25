/** Gathers small writes, so that a line costs whoever shows it one write. */
import type { ByteSink } from "./format.ts";

/** Lives on the stack of whoever writes a line, and ends with `flush`; what does not fit leaves earlier. */
@struct
export class LineBuffer implements ByteSink {
  readonly bytes = new FixedArray<u8, 160>();
  length: usize = 0;
  readonly target: ByteSink;

  constructor(target: ByteSink) {
    this.target = target;
  }

  write(bytes: Slice<u8>): void {
    for (const byte of bytes) {
      if (this.length >= this.bytes.length) this.flush();
      this.bytes[this.length] = byte;
      this.length++;
    }
  }

  /** Blanks up to a column of this line. */
  padTo(column: usize): void {
    while (this.length < column) this.write(" ".bytes());
  }

  flush(): void {
    const length = this.length;
    this.length = 0;
    if (length > 0) this.target.write(this.bytes.slice(0, length));
  }
}
