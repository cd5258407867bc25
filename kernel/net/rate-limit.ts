/** At most so many in a row, and one more for each interval that passes: a bucket of tokens. */

@struct
export class RateLimit {
  readonly burst: u64;
  /** ns for one more. */
  readonly interval: u64;
  /** How many were taken that have not been refilled. */
  taken: u64 = 0;
  /** Up to when refilling has been reckoned. */
  since: u64 = 0;

  constructor(burst: u64, interval: u64) {
    this.burst = burst;
    this.interval = interval;
  }

  /** Whether one more is allowed now. */
  take(now: u64): boolean {
    const refilled: u64 = (now - min<u64>(this.since, now)) / this.interval;
    if (refilled >= this.taken) {
      this.taken = 0;
      this.since = now;
    } else {
      this.taken -= refilled;
      this.since += refilled * this.interval;
    }
    if (this.taken >= this.burst) return false;
    this.taken++;
    return true;
  }
}
