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
