/** A watch: who is told when a node or anything below it changes. */

export interface WatchTarget {
  /**
   * Something at `path` or below has changed, or may have: this is called once when the watch is set, once for each change
   * that xenstored reports, and with the watch's own path where reports were lost or the connection started anew. `path`
   * is as long as the watch's (absolute or relative as that is) or longer, and only good during the call.
   *
   * Runs in the task "xenwatch", one call after the other for all watches: it may ask xenstored, but what takes long it
   * leaves to a task of its own.
   * @blocks
   */
  changed(path: Slice<u8>): void;
}

/** Belongs to whoever watches, and must live, with its path, until `Store.unwatch` has returned. */
@struct
export class Watch {
  path: Slice<u8> | null = null;
  target: WatchTarget | null = null;
  /** What its events carry; never used twice. 0: not set. */
  token: u32 = 0;
  /** Reports were lost: the target is to be told so. */
  isBehind: boolean = false;
  /** Neighbours among all watches that are set. */
  next: Watch | null = null;
  previous: Watch | null = null;

  isSet(): boolean {
    return this.token !== 0;
  }
}

/** The watches that are set, by age. */
@struct
export class WatchList {
  first: Watch | null = null;
  last: Watch | null = null;
  /** How many are set: 0 when every driver has tidied up. */
  count: u64 = 0;
  lastToken: u32 = 0;

  add(watch: Watch): void {
    this.lastToken++;
    assert(this.lastToken !== 0, "four thousand million watches are more than a domain lives to see");
    watch.token = this.lastToken;
    watch.isBehind = false;
    watch.next = null;
    const last = this.last;
    watch.previous = last;
    if (last === null) this.first = watch;
    else last.next = watch;
    this.last = watch;
    this.count++;
  }

  remove(watch: Watch): void {
    const previous = watch.previous;
    const next = watch.next;
    if (previous === null) this.first = next;
    else previous.next = next;
    if (next === null) this.last = previous;
    else next.previous = previous;
    watch.token = 0;
    this.count--;
  }

  /** The watch with this token; null where it is not set any more. */
  find(token: u32): Watch | null {
    const found = this.after(token - 1);
    return found !== null && found.token === token ? found : null;
  }

  /** The oldest watch that is younger than the one with `token`, which need not be there any more; 0 begins. */
  after(token: u32): Watch | null {
    for (let watch = this.first; watch !== null; watch = watch.next) {
      if (watch.token > token) return watch;
    }
    return null;
  }
}
