/** Lines that were typed before, for whoever types them again. */

/** The longest line that is edited, in bytes. */
export const longestLine = 120;
const lineLimit = 16;

/** One line. */
@struct
class KeptLine {
  readonly bytes = new FixedArray<u8, 120>();
  length: usize = 0;

  keep(line: Slice<u8>): void {
    this.length = min<usize>(line.length, this.bytes.length);
    this.bytes.copyFrom(line.slice(0, this.length));
  }

  text(): Slice<u8> {
    return this.bytes.slice(0, this.length);
  }
}

@struct
export class LineHistory {
  readonly lines = new FixedArray<KeptLine, 16>();
  /** Lines ever kept; the one with number `n` stands at `n` modulo the limit. */
  count: u64 = 0;
  /** The number of the line that is shown; `count` for the draft. */
  shown: u64 = 0;
  /** What was being typed when the first step back was made. */
  readonly draft = new KeptLine();

  /** Keeps a line that was entered, unless it is empty or the same as the last one. Forgets the draft. */
  add(line: Slice<u8>): void {
    const repeated = this.count > 0 && this.line(this.count - 1).equals(line);
    if (line.length > 0 && !repeated) {
      this.lines[this.count & (lineLimit - 1)].keep(line);
      this.count++;
    }
    this.shown = this.count;
  }

  /** The line before the one that is shown, which is `present`; null where there is none. */
  older(present: Slice<u8>): Slice<u8> | null {
    const oldest: u64 = this.count > lineLimit ? this.count - lineLimit : 0;
    if (this.shown === oldest) return null;
    if (this.shown === this.count) this.draft.keep(present);
    this.shown--;
    return this.line(this.shown);
  }

  /** The line after the one that is shown, at last the draft; null after that. */
  newer(): Slice<u8> | null {
    if (this.shown === this.count) return null;
    this.shown++;
    return this.shown === this.count ? this.draft.text() : this.line(this.shown);
  }

  line(number: u64): Slice<u8> {
    return this.lines[number & (lineLimit - 1)].text();
  }
}
