/**
 * Transactions that nobody has any more: whoever began them did not wait until xenstored said which one it is, or could not
 * end it in time. A domain may have few at once (10 where nobody changed that), so each of them is ended.
 */

@struct
export class Orphans {
  readonly transactions = new FixedArray<u32, 16>();
  count: usize = 0;

  /** Where there is no room, the transaction stays open as long as the domain lives. */
  add(transaction: u32): void {
    if (this.count === this.transactions.length) return;
    this.transactions[this.count] = transaction;
    this.count++;
  }

  /** Takes one out; 0 where there is none. */
  take(): u32 {
    if (this.count === 0) return 0;
    this.count--;
    return this.transactions[this.count];
  }

  /** xenstored has forgotten them all. */
  clear(): void {
    this.count = 0;
  }
}
