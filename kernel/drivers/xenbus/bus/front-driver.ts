/** What a driver of a front end is asked, in the order of the protocol. */
import type { Store } from "../xenstore/store.ts";
import type { XenstoreFault } from "../xenstore/fault.ts";

/** Why a driver does not go on: the reason was told by `Frontend.refuse`, in the log and in xenstore. */
export const enum Refusal {
  Told,
  /** The back end went away, or changed its state, while it was read: news of that is on its way. */
  Passing,
}

/**
 * One for each device. All is called in the device's own task, one after the other, and may wait. The device stays the same
 * when the back end is started anew: then it goes from `closing` to `negotiate`, and what has not been answered is sent again.
 */
export interface FrontDriver {
  /**
   * The back end has said what it can do: reads that, and acquires rings and ports by `SharedPages.acquire`,
   * `DevicePort.open`, or anything else that is put into `Frontend.acquired`. None of it is given back here, not even where
   * it fails. @blocks
   */
  negotiate(): Result<undefined, Refusal>;
  /** Writes into our directory where the rings are. In a transaction, with our state: it can run more than once. @blocks */
  publish(store: Store): Result<undefined, XenstoreFault>;
  /** The back end has the rings, and has said what it says only now: from here on they are used. @blocks */
  connected(): Result<undefined, Refusal>;
  /** While connected: something in the back end's directory may be different (a disk's size). Also without a reason. @blocks */
  changed(): void;
  /**
   * Follows every `negotiate`, wherever that led: the rings are not used any more when it returns. The pages and ports are
   * given back after it. The back end may be dead, so nothing here waits for it. @blocks
   */
  closing(): void;
  /** The device is no more, and this is the last call: the driver gives itself back. @blocks */
  gone(): void;
}
