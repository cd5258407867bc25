/** What an idle domain does before it gives the CPU away, so that somebody who is in a hurry later need not. */

export interface IdleWork {
  /** Does a small piece, with events open; false where there is nothing to do. Whoever is woken meanwhile runs after it. */
  step(): boolean;
}
