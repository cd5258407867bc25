/** Doors for lifecycle.test.ts: the decisions, with enums as their numbers. */
import { isBackEndPath as isPath } from "../../../../../kernel/drivers/xenbus/bus/back-end-path.ts";
import { beginsAnew, mayUseRings, nextStep } from "../../../../../kernel/drivers/xenbus/bus/lifecycle.ts";
import type { XenbusState } from "../../../../../kernel/xen-abi/xenbus.ts";

export function next(
  ours: u32,
  theirs: u32,
  isOnline: boolean,
  isPresent: boolean,
  isReplaced: boolean,
  isRefused: boolean,
): u32 {
  return nextStep({
    ours: ours as XenbusState,
    theirs: theirs as XenbusState,
    isOnline,
    isPresent,
    isReplaced,
    isRefused,
  });
}

export function mayUse(theirs: u32): boolean {
  return mayUseRings(theirs as XenbusState);
}

export function forgets(before: u32, now: u32): boolean {
  return beginsAnew(before as XenbusState, now as XenbusState);
}

export function isBackEndPath(path: Slice<u8>, domain: u64): boolean {
  return isPath(path, domain);
}
