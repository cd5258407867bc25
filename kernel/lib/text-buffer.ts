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
    const room = this.bytes.slice(this.length);
    const count: usize = min<usize>(bytes.length, room.length);
    if (count < bytes.length) this.isCut = true;
    room.copyFrom(bytes.slice(0, count));
    this.length += count;
  }
}
