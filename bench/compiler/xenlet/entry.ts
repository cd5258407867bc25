// The door of the benchmark: one function per workload, called with addresses by the harness.
import { sharedAt, trap } from "xenlet:unsafe";
import { internetChecksum } from "./checksum.ts";
import { deliverEvents, EventState } from "./events.ts";
import type { Deliveries } from "./events.ts";
import { dispatchAll } from "./headers.ts";
import type { Counters, Frame } from "./headers.ts";
import { mapFrames } from "./page-table.ts";
import type { MmuUpdate } from "./page-table.ts";
import { consume, produce, Ring } from "./ring.ts";
import { turn } from "./slot-ring.ts";
import type { Device } from "./slot-ring.ts";

/** @export checksum */
export function checksum(bytes: Slice<u8>): u64 {
  return internetChecksum(bytes);
}

/** @export pageTable */
export function pageTable(updates: Slice<MmuUpdate>, p2m: Slice<u64>, first: usize, table: u64): u64 {
  return mapFrames(updates, p2m, first, table);
}

/** @export ring */
export function ring(address: u64, count: u32): u64 {
  const shared = sharedAt<Ring>(address);
  const pushed = produce(shared, count);
  return consume(shared) + pushed;
}

/** @export slotRing */
export function slotRing(page: Slice<u8>, device: Device): u64 {
  return turn(page, device);
}

/** @export headers */
export function headers(frames: Slice<Frame>, counters: Counters): u64 {
  dispatchAll(frames, counters);
  return frames.length;
}

/** @export events */
export function events(address: u64, deliveries: Deliveries): u64 {
  return deliverEvents(sharedAt<EventState>(address), deliveries);
}

/** @checkHandler */
export function checkFailed(_what: string, _at: string, _got: u64, _limit: u64): never {
  trap();
}
