/**
 * Pages of other domains, mapped here by their grants. Xen writes these page-table entries itself when it is asked to map a
 * grant, and keeps account of them, so the pte queue must have nothing pending, and never touches an entry of a window.
 *
 * A window is up to 16 pages, as many as a large ring has; they are mapped and unmapped by one hypercall.
 */
import { pageSize, toVirtAddr, virtNumber, type VirtAddr } from "../../xen-abi/addresses.ts";
import type { DomId } from "../../xen-abi/domain.ts";
import {
  describeGrantStatus,
  GrantMap,
  GrantMapFlag,
  GrantOp,
  GrantStatus,
  GrantUnmap,
  type GrantHandle,
  type GrantRef,
} from "../../xen-abi/grant-table.ts";
import { describeMemoryFault, type MemoryFault } from "../../lib/memory-fault.ts";
import { panic } from "../../lib/panic.ts";
import { GrantAccess } from "./grant-entries.ts";
import { requireSent, sendGrantRequests } from "./grant-requests.ts";
import { windowRegionBase } from "./memory-layout.ts";
import type { PageTables } from "./pagetable.ts";
import { PteLock } from "./pte-queue.ts";

/** Pages of a window at most, and windows at most. */
export const windowPages = 16;
export const windowLimit = 64;

/** Pages of another domain that are seen here: a window's number, from 1 on. It is given back by `ForeignWindows.unmap`. */
export type ForeignWindow = Owned<u32, "ForeignWindow">;
/** What a field starts with. */
export const noWindow: ForeignWindow = 0 as ForeignWindow;

/** Why there is no window: what Xen says of which of the references, or what we lack. */
export type WindowFault =
  | { readonly kind: "refused"; readonly at: usize; readonly status: GrantStatus }
  | { readonly kind: "memory"; readonly fault: MemoryFault }
  | { readonly kind: "windows" };

export function describeWindowFault(fault: WindowFault): string {
  switch (fault.kind) {
    case "refused":
      return describeGrantStatus(fault.status);
    case "memory":
      return describeMemoryFault(fault.fault);
    case "windows":
      return "every window onto other domains is in use";
  }
}

@struct
export class ForeignWindows {
  readonly tables: PageTables;
  /** Bit n: window n is in use. */
  used: u64 = 0;
  /** Bit n: window n has its page tables, which stay. */
  prepared: u64 = 0;
  /** The most that were in use at once. */
  peak: u32 = 0;
  /** Pages of each window, */
  readonly lengths = new FixedArray<u8, 64>();
  /** and Xen's names for their mappings. */
  readonly handles = new FixedArray<GrantHandle, 1024>();
  /** What Xen is asked; nobody waits between asking and the answer. */
  readonly maps = new FixedArray<GrantMap, 16>();
  readonly unmaps = new FixedArray<GrantUnmap, 16>();

  constructor(tables: PageTables) {
    this.tables = tables;
  }

  /**
   * Maps pages that `peer` (by its true number, our own included) has granted to us, one after the other: all, or none.
   * 1 to 16 of them. @allocates
   */
  map(peer: DomId, refs: Slice<GrantRef>, access: GrantAccess): Result<ForeignWindow, WindowFault> {
    assert(refs.length > 0 && refs.length <= windowPages, "a window has 1 to 16 pages");
    if (~this.used === 0) return err({ kind: "windows" });
    const number = lowestBit(~this.used);
    const start = windowStart(number);
    const ready = this.prepare(number);
    if (!ready.ok) return err({ kind: "memory", fault: ready.error });
    const sent = this.maps.slice(0, refs.length);
    for (const [at, ref] of refs.entries()) {
      const request = sent[at];
      request.hostAddr = toVirtAddr(virtNumber(start) + at * pageSize);
      request.flags = mapFlags(access);
      request.ref = ref;
      request.dom = peer;
    }
    sendGrantRequests(GrantOp.MapGrantRef, sent);
    for (const [at, request] of sent.entries()) {
      if (request.status === GrantStatus.Okay) continue;
      this.unmapAll(sent);
      return err({ kind: "refused", at, status: request.status as GrantStatus });
    }
    this.note(number, sent);
    return ok((number + 1) as ForeignWindow);
  }

  /** Ends the window; no translation of its pages is left when this returns. */
  unmap(window: ForeignWindow): void {
    const number: u32 = disown(window) - 1;
    assert(this.isUsed(number), "a window is unmapped once");
    const start = windowStart(number);
    const handles = this.handles.slice(number * windowPages, number * windowPages + this.lengths[number]);
    for (const [at, handle] of handles.entries()) {
      this.unmaps[at].hostAddr = toVirtAddr(virtNumber(start) + at * pageSize);
      this.unmaps[at].handle = handle;
    }
    sendUnmaps(this.unmaps.slice(0, handles.length));
    this.used &= ~bitOf(number);
  }

  /** Where its first page is seen. What is there, the other domain may change at any time. */
  addressOf(window: Borrowed<ForeignWindow>): VirtAddr {
    return windowStart((window as u32) - 1);
  }

  /** Pages that are mapped now. */
  pageCount(): u64 {
    let pages: u64 = 0;
    for (let number: u32 = 0; number < windowLimit; number++) {
      if (this.isUsed(number)) pages += this.lengths[number];
    }
    return pages;
  }

  /** Takes back those of the mappings that were made. */
  unmapAll(mappings: Slice<GrantMap>): void {
    let count: usize = 0;
    for (const mapping of mappings) {
      if (mapping.status !== GrantStatus.Okay) continue;
      this.unmaps[count].hostAddr = mapping.hostAddr;
      this.unmaps[count].handle = mapping.handle;
      count++;
    }
    if (count > 0) sendUnmaps(this.unmaps.slice(0, count));
  }

  isUsed(number: u32): boolean {
    return (this.used & bitOf(number)) !== 0;
  }

  /** Sees to it that there are page tables down to the lowest level, and that nothing waits to be written. */
  prepare(number: u32): Result<undefined, MemoryFault> {
    const tables = this.tables;
    using lock = new PteLock(tables.queue);
    if ((this.prepared & bitOf(number)) === 0) {
      const made = tables.prepare(tables.kernelRoot, windowStart(number), windowPages);
      if (!made.ok) return made;
      this.prepared |= bitOf(number);
    }
    tables.queue.flush();
    return ok();
  }

  note(number: u32, requests: Slice<GrantMap>): void {
    this.used |= bitOf(number);
    this.peak = max<u32>(this.peak, popCount(this.used));
    this.lengths[number] = requests.length as u8;
    for (const [at, request] of requests.entries()) this.handles[number * windowPages + at] = request.handle;
  }
}

function mapFlags(access: GrantAccess): u32 {
  return access === GrantAccess.ReadOnly
    ? GrantMapFlag.HostMap | GrantMapFlag.Readonly
    : GrantMapFlag.HostMap;
}

/** Xen refuses to unmap only what is not mapped: that is a defect of ours. */
function sendUnmaps(requests: Slice<GrantUnmap>): void {
  requireSent(GrantOp.UnmapGrantRef, requests);
  for (const request of requests) {
    const status = request.status as GrantStatus;
    if (status !== GrantStatus.Okay)
      panic(`Xen does not unmap 0x${hex(virtNumber(request.hostAddr))}: ${describeGrantStatus(status)}`);
  }
}

function windowStart(number: u32): VirtAddr {
  const place: u64 = number;
  return toVirtAddr(windowRegionBase + place * windowPages * pageSize);
}

function bitOf(number: u32): u64 {
  const one: u64 = 1;
  return one << number;
}
