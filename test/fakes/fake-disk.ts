/** A disk's back end in memory: takes requests from the ring, in any order, and does what they say with pages by reference. */
import {
  BlkifOp,
  BlkifRequest,
  BlkifRequestIndirect,
  BlkifResponse,
  BlkifRsp,
} from "../../kernel/xen-abi/blkif.ts";
import { grantRefNumber, toGrantRef } from "../../kernel/xen-abi/grant-table.ts";
import type { DataPage, PageSource } from "../../kernel/drivers/xenbus/blkfront/data-pages.ts";
import { SlotRing } from "../../kernel/drivers/xenbus/slot-ring.ts";
import { addressOf, structAt } from "xenlet:unsafe";

export const fakeSectors = 512;
const firstRef = 100;

@struct({ align: 4096 })
class Page {
  readonly bytes = new FixedArray<u8, 4096>();
}

/** Pages that the front end grants: reference `firstRef + n` is page n. */
@struct
export class FakeGrants implements PageSource {
  readonly pages = new FixedArray<Page, 64>();
  granted: u32 = 0;
  /** How many more may be had. */
  allowance: u32 = 64;

  grant(page: DataPage, place: u32): boolean {
    if (this.allowance === 0 || place >= this.pages.length) return false;
    this.allowance--;
    page.memory = this.pages[place].bytes;
    page.ref = toGrantRef(firstRef + place);
    this.granted++;
    return true;
  }

  at(ref: u32): Slice<u8> {
    assert(ref >= firstRef && ref - firstRef < this.pages.length, "the reference was granted");
    return this.pages[ref - firstRef].bytes;
  }
}

@struct
export class FakeDisk {
  readonly bytes = new FixedArray<u8, 262144>();
  readonly ring = new SlotRing<BlkifResponse, BlkifRequest>();
  /** Requests that were taken and not answered. */
  readonly held = new FixedArray<BlkifRequest, 64>();
  holds: usize = 0;
  maxSegments: u32 = 11;
  /** What it says of what it does. */
  status: BlkifRsp = BlkifRsp.Okay;
  /** The largest request that came, in segments; requests, and those that were flushes. */
  largest: u32 = 0;
  requests: u64 = 0;
  flushes: u64 = 0;

  start(memory: Slice<u8>): void {
    this.ring.startBack(memory);
    this.holds = 0;
  }

  /** Takes what is in the ring. */
  take(): void {
    const there = this.ring.look();
    assert(there.ok, "the front end is honest");
    const request = new BlkifRequest();
    while (this.ring.take(request)) {
      copy(this.held[this.holds], request);
      this.holds++;
      this.requests++;
    }
  }

  /** Does one of the requests that it holds, and answers it. */
  answer(which: usize, grants: FakeGrants): void {
    const request = this.held[which];
    const response = new BlkifResponse();
    response.id = request.id;
    response.operation = request.operation;
    response.status = this.status as i16;
    if (request.operation === BlkifOp.Indirect) response.operation = this.doIndirect(request, grants);
    else if (request.operation === BlkifOp.FlushDiskcache) this.flushes++;
    else this.doDirect(request, grants);
    this.ring.next().copyFrom(response);
    this.ring.publish();
    this.holds--;
    copy(request, this.held[this.holds]);
  }

  doDirect(request: BlkifRequest, grants: FakeGrants): void {
    assert(request.nrSegments >= 1 && request.nrSegments <= 11, "a direct request has 1 to 11 segments");
    let at: u64 = request.sectorNumber * 512;
    this.largest = max<u32>(this.largest, request.nrSegments);
    for (const segment of request.seg.slice(0, request.nrSegments)) {
      at = this.move(
        request.operation,
        at,
        grantRefNumber(segment.gref),
        segment.firstSect,
        segment.lastSect,
        grants,
      );
    }
  }

  doIndirect(request: BlkifRequest, grants: FakeGrants): u8 {
    const indirect = structAt<BlkifRequestIndirect>(addressOf(request));
    assert(indirect.nrSegments <= this.maxSegments, "no more segments than were offered");
    const segments = grants.at(grantRefNumber(indirect.indirectGrefs[0]));
    this.largest = max<u32>(this.largest, indirect.nrSegments);
    let at: u64 = indirect.sectorNumber * 512;
    for (let i: usize = 0; i < indirect.nrSegments; i++) {
      at = this.move(
        indirect.indirectOp,
        at,
        segments.readU32le(i * 8),
        segments[i * 8 + 4],
        segments[i * 8 + 5],
        grants,
      );
    }
    return indirect.indirectOp;
  }

  /** One segment; where the next one goes on. */
  move(operation: u8, at: u64, ref: u32, first: u8, last: u8, grants: FakeGrants): u64 {
    assert(first <= last && last < 8, "a segment lies in its page");
    const page = grants.at(ref).slice((first as u64) * 512, ((last as u64) + 1) * 512);
    const place = this.bytes.slice(at, at + page.length);
    if (operation === BlkifOp.Write) place.copyFrom(page);
    else page.copyFrom(place);
    return at + page.length;
  }
}
