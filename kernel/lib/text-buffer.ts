/** Text that is put together once and kept: names, paths. */
import { format, type ByteSink } from "./format.ts";

/** Room for `N` bytes. */
@struct
export class TextBuffer<N extends number> implements ByteSink {
  readonly bytes = new FixedArray<u8, N>();
  length: usize = 0;
  /** Some of what was written had no room, and is missing. */
  isCut: boolean = false;

  text(): Slice<u8> {
    return this.bytes.slice(0, this.length);
  }

  /** Replaces the text. */
  set(template: Template): void {
    this.length = 0;
    this.isCut = false;
    format(this, template);
  }

  write(bytes: Slice<u8>): void {
    for (const byte of bytes) {
      if (this.length >= this.bytes.length) {
        this.isCut = true;
        return;
      }
      this.bytes[this.length] = byte;
      this.length++;
    }
  }
}
