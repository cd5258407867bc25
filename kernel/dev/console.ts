/** What a console can do, whoever is behind it. */

export interface Console {
  /**
   * Shows bytes; a line feed begins a new line. In any context: it is quick as long as the other end keeps up, and drops
   * what a dead one does not take within seconds. @interrupt
   */
  write(bytes: Slice<u8>): void;
  /** Gives the CPU away until the other end has nearly caught up, however long that takes. For tasks that have much to say. @blocks */
  settle(): void;
  /** Takes what has arrived, at most `into.length` bytes; never waits. */
  read(into: Slice<u8>): usize;
  /** Gives the CPU away until something may have arrived. @blocks */
  wait(): void;
  /** Ends that wait, or the next one where nobody waits now, though nothing has arrived. @interrupt */
  nudge(): void;
}
