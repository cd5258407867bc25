/** Which lines the log's history holds: when each was written, and how grave it is. */
import type { History } from "./history.ts";
import { Level } from "./log-level.ts";

const lineLimit = 256;

@struct
class LineMark {
  /** Its first byte's place in the history. */
  place: u64 = 0;
  /** By the log's clock. */
  time: u64 = 0;
  level: Level = Level.Emergency;
}

/** A line, and what was written after it without a level of its own. The text is in two pieces where the ring wraps. */
export type KeptLine = {
  readonly time: u64;
  readonly level: Level;
  readonly text: Slice<u8>;
  readonly more: Slice<u8>;
};

@struct
export class LogLines {
  readonly marks = new FixedArray<LineMark, 256>();
  /** Lines ever begun: each has a number, counted from 0. */
  count: u64 = 0;

  begin(place: u64, time: u64, level: Level): void {
    const mark = this.marks[this.count & (lineLimit - 1)];
    mark.place = place;
    mark.time = time;
    mark.level = level;
    this.count++;
  }

  /** The number of the oldest line that `history` holds whole. */
  oldest(history: History): u64 {
    let number: u64 = this.count > lineLimit ? this.count - lineLimit : 0;
    while (number < this.count && this.mark(number).place < history.oldest()) number++;
    return number;
  }

  /** The line of that number, which is not older than the oldest. */
  line(number: u64, history: History): KeptLine {
    const mark = this.mark(number);
    const end: u64 = number + 1 < this.count ? this.mark(number + 1).place : history.written;
    const text = history.piece(mark.place, end);
    return { time: mark.time, level: mark.level, text, more: history.piece(mark.place + text.length, end) };
  }

  mark(number: u64): LineMark {
    return this.marks[number & (lineLimit - 1)];
  }
}
