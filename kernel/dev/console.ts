/** What a console can do, whoever is behind it. */

export interface Console {
  /** Shows bytes; a line feed begins a new line. @interrupt */
  write(bytes: Slice<u8>): void;
  /** Takes what has arrived, at most `into.length` bytes; never waits. */
  read(into: Slice<u8>): usize;
  /** Gives the CPU away until something may have arrived. @blocks */
  wait(): void;
}
