/**
 * Pages through which data goes to a back end and comes from it. A page is granted once and used again and again, so that no
 * request costs a grant, and a back end with `feature-persistent` keeps it mapped. There are as many as were ever needed at
 * once. The page that was used last is used next: back ends drop the mappings that rest (Notes 7 to 9 of io/blkif.h).
 */
import { noGrant, type Grant } from "../../../mm/grant-ledger.ts";
import { noGrantRef, type GrantRef } from "../../../xen-abi/grant-table.ts";

/** The most pages of a disk: 1 MiB of data, and the segments of the four requests that it takes. */
export const dataPageLimit = 256 + 4;

/** The end of a list. */
export const noPage: u32 = 0xffffffff;

@struct
export class DataPage {
  /** Null where there was no need for so many yet. */
  memory: Slice<u8> | null = null;
  ref: GrantRef = noGrantRef;
  /** Whoever granted it ends that. */
  grant: Grant = noGrant;
  /** The next one in the list that it is in. */
  next: u32 = 0;
}

/** Where pages come from. */
export interface PageSource {
  /** Fills in the page that has `place`; false where there is no memory. @allocates */
  grant(page: DataPage, place: u32): boolean;
}

@struct
export class DataPages {
  source: PageSource | null = null;
  pages: Slice<DataPage> | null = null;
  /** How many there are, and how many of them are not in use. */
  count: u32 = 0;
  free: u32 = 0;
  firstFree: u32 = noPage;

  /** Begins without any page, with places for as many as there may be. */
  start(places: Slice<DataPage>, source: PageSource): void {
    this.pages = places;
    this.source = source;
    this.count = 0;
    this.free = 0;
    this.firstFree = noPage;
  }

  page(number: u32): DataPage {
    return this.pages![number];
  }

  /** Tries to have `wanted` pages free; how many are, up to that. @allocates */
  prepare(wanted: u32): u32 {
    const pages = this.pages!;
    while (this.free < wanted && this.count < pages.length) {
      const page = pages[this.count];
      if (!this.source!.grant(page, this.count)) break;
      this.give(this.count);
      this.count++;
    }
    return min<u32>(this.free, wanted);
  }

  /** Takes a page, which there must be. */
  take(): u32 {
    const number = this.firstFree;
    assert(number !== noPage, "a page was prepared");
    this.firstFree = this.page(number).next;
    this.free--;
    return number;
  }

  give(number: u32): void {
    this.page(number).next = this.firstFree;
    this.firstFree = number;
    this.free++;
  }

  /** Gives back the list that begins with `first`, so that its pages are taken in the same order again. */
  giveList(first: u32): void {
    let last = first;
    if (first === noPage) return;
    this.free++;
    for (; this.page(last).next !== noPage; last = this.page(last).next) this.free++;
    this.page(last).next = this.firstFree;
    this.firstFree = first;
  }
}
