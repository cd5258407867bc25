/**
 * Puts fragments of IPv4 datagrams together (RFC 791, section 3.2), in bounded memory and time. A datagram whose fragments
 * overlap, or contradict each other, is dropped with all that is still to come of it (RFC 5722 says so for IPv6; nobody
 * honest makes such ones). A fragment that came twice, exactly the same, is let go.
 */
import { frameLength, type FrameQueue, type PacketBuffer } from "../dev/packet.ts";
import type { PacketPool } from "../dev/packet-pool.ts";
import type { Alarm } from "./alarm.ts";
import type { NetInterface } from "./net-interface.ts";
import type { Ipv4Header } from "./wire/ipv4.ts";
import { noIpv4, type Ipv4Address } from "./wire/ipv4-address.ts";

/** How long fragments wait for each other, in ns (RFC 1122 wants 60 to 120 s; hosts of today take 30). */
export const gatherTime = 30000000000;
/** The longest datagram, in fragments of an Ethernet with the MTU of old modems (576), takes 119. */
export const mostFragments = 128;
const unknown = 0xffffffff;

/** One datagram that is not complete. */
@struct
export class Gathering {
  /** 0: nobody uses this place. */
  deadline: u64 = 0;
  link: NetInterface | null = null;
  source: Ipv4Address = noIpv4;
  destination: Ipv4Address = noIpv4;
  identification: u16 = 0;
  protocol: u8 = 0;
  /** What comes is thrown away, until the deadline. */
  isSpoiled: boolean = false;
  /** Its fragments by their place, without gaps where there should be none. */
  first: PacketBuffer | null = null;
  last: PacketBuffer | null = null;
  fragments: u32 = 0;
  /** Bytes that are here, and bytes of the whole, where the last fragment has come. */
  received: u32 = 0;
  total: u32 = unknown;
  /** Bytes of the first fragment's header. */
  headerBytes: u32 = 0;

  isFor(header: Ipv4Header): boolean {
    return (
      this.deadline !== 0 &&
      this.identification === header.identification &&
      this.source === header.source &&
      this.destination === header.destination &&
      this.protocol === header.protocol
    );
  }

  begin(link: NetInterface, header: Ipv4Header, now: u64): void {
    this.deadline = now + gatherTime;
    this.link = link;
    this.source = header.source;
    this.destination = header.destination;
    this.identification = header.identification;
    this.protocol = header.protocol;
    this.isSpoiled = false;
    this.fragments = 0;
    this.received = 0;
    this.total = unknown;
  }

  /** Whether a fragment from `start` to `end` agrees with what is known of the whole; notes the whole's end. */
  agrees(start: u32, end: u32, isLast: boolean): boolean {
    if (!isLast) return this.total === unknown || end < this.total;
    const last = this.last;
    if (last !== null && endOf(last) > end) return false;
    if (this.total !== unknown && this.total !== end) return false;
    this.total = end;
    return start < end;
  }

  /** Puts the frame where it belongs, if nothing is there. */
  insert(frame: PacketBuffer): Placed {
    const start = frame.position;
    const end = endOf(frame);
    let before: PacketBuffer | null = null;
    let after: PacketBuffer | null = this.first;
    if (this.last !== null && endOf(this.last) <= start) {
      before = this.last; // in order, as nearly always
      after = null;
    }
    while (after !== null && after.position < start) {
      before = after;
      after = after.following;
    }
    if (after !== null && after.position === start && endOf(after) === end) return Placed.Twice;
    if (before !== null && endOf(before) > start) return Placed.Over;
    if (after !== null && after.position < end) return Placed.Over;
    frame.following = after;
    if (before === null) this.first = frame;
    else before.following = frame;
    if (after === null) this.last = frame;
    this.fragments++;
    this.received += end - start;
    return Placed.Well;
  }

  isComplete(): boolean {
    return this.received === this.total;
  }
}

const enum Placed {
  Well,
  Twice,
  Over,
}

function endOf(frame: PacketBuffer): u32 {
  return frame.position + (frameLength(frame) as u32);
}

/** Who is told that a datagram never became complete. */
export interface LateFragments {
  /** The first fragment, from its header on. It stays the caller's. */
  timedOut(link: NetInterface, packet: Slice<u8>, now: u64): void;
}

@struct
export class Reassembly {
  readonly pool: PacketPool;
  late: LateFragments | null = null;
  alarm: Alarm | null = null;
  readonly gatherings = new FixedArray<Gathering, 8>();
  completed: u64 = 0;
  /** Datagrams that were given up, and why. */
  timedOut: u64 = 0;
  spoiled: u64 = 0;
  displaced: u64 = 0;
  /** Fragments that came twice. */
  repeated: u64 = 0;

  constructor(pool: PacketPool) {
    this.pool = pool;
  }

  /**
   * Takes over a fragment that begins behind its header. Where its datagram is complete with it, the frames of the whole go
   * to `whole`, in order, and the gathering says the rest about it.
   */
  add(
    link: NetInterface,
    header: Ipv4Header,
    frame: PacketBuffer,
    whole: FrameQueue,
    now: u64,
  ): Gathering | null {
    const length = frameLength(frame) as u32;
    if (length === 0 || (header.moreFragments && length % 8 !== 0)) {
      link.drop("IPv4 fragment whose length is no multiple of 8");
      this.pool.give(frame);
      return null;
    }
    const gathering = this.gatheringOf(link, header, now);
    if (gathering.isSpoiled) {
      this.pool.give(frame);
      return null;
    }
    frame.position = header.fragmentOffset;
    if (frame.position === 0) gathering.headerBytes = header.headerBytes;
    return this.place(gathering, frame, !header.moreFragments, whole);
  }

  place(gathering: Gathering, frame: PacketBuffer, isLast: boolean, whole: FrameQueue): Gathering | null {
    const placed = gathering.agrees(frame.position, endOf(frame), isLast)
      ? gathering.insert(frame)
      : Placed.Over;
    if (placed !== Placed.Well) this.pool.give(frame);
    if (placed === Placed.Twice) this.repeated++;
    else if (placed === Placed.Over || gathering.fragments > mostFragments || this.pool.isScarce()) {
      this.spoil(gathering);
    }
    if (placed !== Placed.Well || gathering.isSpoiled || !gathering.isComplete()) return null;
    this.completed++;
    this.moveAll(gathering, whole);
    gathering.deadline = 0;
    return gathering;
  }

  moveAll(gathering: Gathering, whole: FrameQueue): void {
    for (let frame = gathering.first; frame !== null;) {
      const following: PacketBuffer | null = frame.following;
      whole.push(frame);
      frame = following;
    }
    gathering.first = null;
    gathering.last = null;
  }

  gatheringOf(link: NetInterface, header: Ipv4Header, now: u64): Gathering {
    let oldest = this.gatherings[0];
    for (const gathering of this.gatherings) {
      if (gathering.isFor(header) && gathering.link === link) return gathering;
      if (gathering.deadline < oldest.deadline) oldest = gathering; // 0 where nobody uses it
    }
    if (oldest.deadline !== 0) this.displaced++;
    this.release(oldest);
    oldest.begin(link, header, now);
    this.alarm?.callAt(oldest.deadline);
    return oldest;
  }

  /** The datagram will not become whole any more. */
  spoil(gathering: Gathering): void {
    this.spoiled++;
    gathering.isSpoiled = true;
    this.release(gathering);
  }

  release(gathering: Gathering): void {
    for (let frame = gathering.first; frame !== null;) {
      const following: PacketBuffer | null = frame.following;
      this.pool.give(frame);
      frame = following;
    }
    gathering.first = null;
    gathering.last = null;
  }

  /** Gives up what has waited too long; the time at which to do so again, or all ones. */
  tick(now: u64): u64 {
    let next: u64 = 0xffffffffffffffff;
    for (const gathering of this.gatherings) {
      if (gathering.deadline === 0) continue;
      if (gathering.deadline > now) next = min<u64>(next, gathering.deadline);
      else this.expire(gathering, now);
    }
    return next;
  }

  expire(gathering: Gathering, now: u64): void {
    gathering.deadline = 0;
    if (!gathering.isSpoiled) this.timedOut++;
    const first = gathering.first;
    const link = gathering.link;
    if (first !== null && first.position === 0 && link !== null) {
      first.prepend(gathering.headerBytes);
      this.late?.timedOut(link, first.bytes(), now);
    }
    this.release(gathering);
  }

  /** The device has gone. */
  forget(link: NetInterface): void {
    for (const gathering of this.gatherings) {
      if (gathering.link !== link) continue;
      this.release(gathering);
      gathering.deadline = 0;
      gathering.link = null;
    }
  }
}
