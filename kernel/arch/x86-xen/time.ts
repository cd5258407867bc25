/**
 * The two clocks of a domain. Both come from memory that Xen keeps up to date, without a hypercall, and both are read anew
 * each time: nothing is kept that would be wrong after dom0 sets the date, or after the domain was paused.
 */
import { fence, spinHint } from "xenlet:unsafe";
import { sharedInfo } from "./shared-info.ts";
import { systemTime } from "./system-time.ts";

const nanosecondsPerSecond = 1000000000;

/** What a clock on the wall shows, counted from 1970, UTC. */
export type WallTime = { readonly seconds: u64; readonly nanoseconds: u32 };

/** The latest time that anybody was told. */
let latest: u64 = 0;

/**
 * Nanoseconds since Xen booted; it never goes back, and goes on while the domain is paused. Xen promises an order only for
 * each CPU: the fractions of a microsecond by which two of them may differ are held back here.
 */
export function monotonicTime(): u64 {
  const now = systemTime();
  if (now <= latest) return latest;
  latest = now;
  return now;
}

/** Now, as dom0 has set it: Xen keeps the moment at which system time was 0 (xen.h, struct shared_info, `wc_*`). */
export function wallClock(): WallTime {
  const shared = sharedInfo();
  for (;;) {
    const version = shared.wcVersion.load("acquire");
    if ((version & 1) === 0) {
      const low: u64 = shared.wcSec.load("relaxed");
      const high: u64 = shared.wcSecHi.load("relaxed");
      const fraction: u64 = shared.wcNsec.load("relaxed");
      const now = systemTime();
      fence("acquire");
      if (shared.wcVersion.load("relaxed") === version) return later((high << 32) | low, fraction + now);
    }
    spinHint();
  }
}

/** `nanoseconds`, of which there may be many, after `seconds`. */
export function later(seconds: u64, nanoseconds: u64): WallTime {
  return {
    seconds: seconds + nanoseconds / nanosecondsPerSecond,
    nanoseconds: (nanoseconds % nanosecondsPerSecond) as u32,
  };
}
