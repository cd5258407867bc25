/**
 * The domain's grant table: its pages are Xen's, mapped here one after the other, so that an entry's address follows from its
 * reference. It begins with the first grant, and grows by a page whenever references run out, up to what Xen allows.
 */
import { addressOf } from "xenlet:unsafe";
import { pageSize, toVirtAddr, type Mfn, type Pfn } from "../../xen-abi/addresses.ts";
import type { DomId } from "../../xen-abi/domain.ts";
import {
  GrantEntryV1,
  GrantEntryV2,
  GrantOp,
  GrantQuerySize,
  GrantSetupTable,
  GrantSetVersion,
  GrantStatus,
  GrantStatusFrames,
  type GrantRef,
} from "../../xen-abi/grant-table.ts";
import { ListedFrames, noFrame } from "./frame-sequence.ts";
import type { GrantAccess, GrantEntries } from "./grant-entries.ts";
import { GrantEntriesV1 } from "./grant-entries-v1.ts";
import { GrantEntriesV2 } from "./grant-entries-v2.ts";
import { GrantFault } from "./grant-fault.ts";
import { GrantVersion } from "./grant-version.ts";
import { grantTableOp } from "./hypercall/grants.ts";
import { yieldCpu } from "./hypercall/sched.ts";
import { grantPageLimit, grantStatusBase, grantTableBase } from "./memory-layout.ts";
import { mfnOf } from "./p2m.ts";
import { writable } from "./page-entry.ts";
import type { PageTables } from "./pagetable.ts";
import { PteLock } from "./pte-queue.ts";

/** Status words in a page, 2 bytes each. */
const statusPerPage = 2048;

const entriesV1 = new GrantEntriesV1(grantTableBase);
const entriesV2 = new GrantEntriesV2(grantTableBase, grantStatusBase);

/** What the grants of the kernel are written into. */
export interface GrantStore {
  /** References that have an entry, from 0 on. */
  references(): u32;
  /** One page more. */
  grow(): Result<undefined, GrantFault>;
  /** As of `GrantEntries`, by the domain's own frame. */
  give(ref: GrantRef, peer: DomId, frame: Pfn, access: GrantAccess): boolean;
  end(ref: GrantRef): boolean;
  offer(ref: GrantRef, peer: DomId, place: Pfn): void;
  isFilled(ref: GrantRef): boolean;
  /** Ends an offer: the frame that came, or none. */
  endOffer(ref: GrantRef): Mfn;
  entries(): GrantEntries;
}

@struct
export class GrantTable implements GrantStore {
  readonly tables: PageTables;
  /** What is asked for when the table begins; where Xen refuses version 2, it is version 1. */
  wanted: GrantVersion = GrantVersion.V1;
  version: GrantVersion = GrantVersion.V1;
  /** Pages of entries, and of status words, that are mapped. */
  pages: u64 = 0;
  statusPages: u64 = 0;
  /** Pages of entries that there can be; 0 until the table has begun. */
  limit: u64 = 0;

  constructor(tables: PageTables) {
    this.tables = tables;
  }

  references(): u32 {
    return (this.pages * this.entriesPerPage()) as u32;
  }

  /**
   * Begins anew, at the same length: for a domain that was restored. Xen has then given it another table, an empty one, so
   * each grant has ended; whoever has it ends it as always, and grants anew.
   */
  restart(): Result<undefined, GrantFault> {
    const tables = this.tables;
    const wanted = this.references();
    using lock = new PteLock(tables.queue);
    tables.unmap(tables.kernelRoot, toVirtAddr(grantTableBase), this.pages);
    tables.unmap(tables.kernelRoot, toVirtAddr(grantStatusBase), this.statusPages);
    tables.queue.flush(); // Xen takes status words away only where nobody sees them
    this.pages = 0;
    this.statusPages = 0;
    this.limit = 0;
    while (this.references() < wanted) {
      const grown = this.grow();
      if (!grown.ok) return grown;
    }
    return ok();
  }

  grow(): Result<undefined, GrantFault> {
    if (this.limit === 0) {
      const begun = this.begin();
      if (!begun.ok) return begun;
    }
    if (this.pages === this.limit) return err(GrantFault.OutOfReferences);
    using lock = new PteLock(this.tables.queue);
    const mapped = this.mapEntries(this.pages + 1);
    if (!mapped.ok) return mapped;
    if (this.version === GrantVersion.V2) {
      const references: u64 = (this.pages + 1) * this.entriesPerPage();
      const known = this.mapStatus((references + statusPerPage - 1) / statusPerPage);
      if (!known.ok) return known;
    }
    this.tables.queue.flush(); // entries are used from here on
    this.pages++;
    return ok();
  }

  give(ref: GrantRef, peer: DomId, frame: Pfn, access: GrantAccess): boolean {
    const backing = mfnOf(frame);
    return this.version === GrantVersion.V1
      ? entriesV1.give(ref, peer, backing, access)
      : entriesV2.give(ref, peer, backing, access);
  }

  end(ref: GrantRef): boolean {
    return this.version === GrantVersion.V1 ? entriesV1.end(ref) : entriesV2.end(ref);
  }

  offer(ref: GrantRef, peer: DomId, place: Pfn): void {
    this.entries().offer(ref, peer, place);
  }

  isFilled(ref: GrantRef): boolean {
    return this.entries().isFilled(ref);
  }

  endOffer(ref: GrantRef): Mfn {
    const entries = this.entries();
    if (entries.withdraw(ref)) return noFrame();
    while (!entries.isFilled(ref)) yieldCpu(); // Xen is at it, and nobody can keep it from that
    return entries.collect(ref);
  }

  entries(): GrantEntries {
    return this.version === GrantVersion.V1 ? entriesV1 : entriesV2;
  }

  entriesPerPage(): u64 {
    return pageSize / (this.version === GrantVersion.V1 ? sizeOf<GrantEntryV1>() : sizeOf<GrantEntryV2>());
  }

  /** Chooses the version, and asks how far the table can grow. */
  begin(): Result<undefined, GrantFault> {
    const choice = new FixedArray<GrantSetVersion, 1>();
    choice[0].version = this.wanted;
    const chosen = grantTableOp(GrantOp.SetVersion, choice);
    if (chosen.ok) this.version = this.wanted;
    else this.version = this.wanted === GrantVersion.V2 ? GrantVersion.V1 : GrantVersion.V2; // it stays what it was
    const size = new FixedArray<GrantQuerySize, 1>();
    const asked = grantTableOp(GrantOp.QuerySize, size);
    if (!asked.ok || size[0].status !== GrantStatus.Okay) return err(GrantFault.NoTable);
    this.limit = min<u64>(size[0].maxNrFrames, grantPageLimit);
    return this.limit > 0 ? ok() : err(GrantFault.NoTable);
  }

  /** Has Xen make the table `pages` long, and maps the last one. */
  mapEntries(pages: u64): Result<undefined, GrantFault> {
    const list = new FixedArray<Mfn, 128>();
    const request = new FixedArray<GrantSetupTable, 1>();
    request[0].nrFrames = pages as u32;
    request[0].frameList = addressOf(list);
    const made = grantTableOp(GrantOp.SetupTable, request);
    if (!made.ok || request[0].status !== GrantStatus.Okay) return err(GrantFault.NoTable);
    return this.mapPages(grantTableBase, pages - 1, list.slice(pages - 1, pages));
  }

  /** Maps what is missing of the first `pages` of status words, which Xen has made along with the entries. */
  mapStatus(pages: u64): Result<undefined, GrantFault> {
    if (pages === this.statusPages) return ok();
    const list = new FixedArray<Mfn, 128>();
    const request = new FixedArray<GrantStatusFrames, 1>();
    request[0].nrFrames = pages as u32;
    request[0].frameList = addressOf(list);
    const made = grantTableOp(GrantOp.GetStatusFrames, request);
    if (!made.ok || request[0].status !== GrantStatus.Okay) return err(GrantFault.NoTable);
    const mapped = this.mapPages(grantStatusBase, this.statusPages, list.slice(this.statusPages, pages));
    if (mapped.ok) this.statusPages = pages;
    return mapped;
  }

  /** Puts Xen's frames behind the pages that the region has; a page that an earlier attempt left is the same one. */
  mapPages(region: u64, from: u64, frames: Slice<Mfn>): Result<undefined, GrantFault> {
    const tables = this.tables;
    const list = new ListedFrames(frames);
    const start = toVirtAddr(region + from * pageSize);
    const mapped = tables.remap(tables.kernelRoot, start, frames.length, list, writable);
    return mapped.ok ? ok() : err(GrantFault.OutOfMemory);
  }
}
