/**
 * ICMP errors that this host sends: few, and only where RFC 1122 (section 3.2.2) permits: never about errors, nor about what
 * was for several hosts or from no single one, nor about later fragments.
 */
import { FrameQueue } from "../dev/packet.ts";
import type { PacketPool } from "../dev/packet-pool.ts";
import { internetChecksum } from "../lib/internet-checksum.ts";
import { headroom } from "./payload.ts";
import { ofIpv4 } from "./ip-address.ts";
import type { ErrorReporter, Ipv4 } from "./ipv4.ts";
import type { NetInterface } from "./net-interface.ts";
import { Refusal } from "./network-layer.ts";
import { RateLimit } from "./rate-limit.ts";
import type { LateFragments } from "./reassembly.ts";
import {
  emitIcmp,
  icmpChecksumAt,
  icmpHeaderBytes,
  IcmpType,
  isIcmpError,
  reassemblyTime,
  UnreachableCode,
} from "./wire/icmp.ts";
import { IpProtocol, parseQuotedIpv4 } from "./wire/ipv4.ts";
import { isHostIpv4 } from "./wire/ipv4-address.ts";

/** What is quoted of a packet, so that no error exceeds 576 bytes (RFC 1812, 4.3.2.3). */
const mostQuoted = 548;

@struct
export class IcmpErrors implements ErrorReporter, LateFragments {
  readonly pool: PacketPool;
  readonly ipv4: Ipv4;
  /** 20 in a row, and 20 a second. */
  readonly limit = new RateLimit(20, 50000000);
  sent: u64 = 0;
  /** Kept back by the limit. */
  withheld: u64 = 0;

  constructor(pool: PacketPool, ipv4: Ipv4) {
    this.pool = pool;
    this.ipv4 = ipv4;
  }

  refused(link: NetInterface, packet: Slice<u8>, why: Refusal, now: u64): void {
    const code: UnreachableCode = why === Refusal.Port ? UnreachableCode.Port : UnreachableCode.Protocol;
    this.report(link, packet, IcmpType.Unreachable as u8, code as u8, now);
  }

  timedOut(link: NetInterface, packet: Slice<u8>, now: u64): void {
    this.report(link, packet, IcmpType.TimeExceeded as u8, reassemblyTime, now);
  }

  /** `packet` begins with the header of the packet that the error is about. */
  report(link: NetInterface, packet: Slice<u8>, type: u8, code: u8, now: u64): void {
    const parsed = parseQuotedIpv4(packet);
    if (!parsed.ok) return;
    const header = parsed.value;
    if (header.destination !== link.ipv4.address || !isHostIpv4(header.source)) return;
    if (header.fragmentOffset > 0) return;
    if (header.protocol === IpProtocol.Icmp && isAboutError(packet.slice(header.headerBytes))) return;
    if (!this.limit.take(now)) {
      this.withheld++;
      return;
    }
    const frame = this.pool.take(headroom, 0);
    if (frame === null) return;
    const quoted = packet.slice(0, min<usize>(packet.length, mostQuoted));
    frame.end = frame.start + icmpHeaderBytes + quoted.length;
    const message = frame.bytes();
    emitIcmp(message.slice(0, icmpHeaderBytes), { type, code, rest: 0 });
    message.slice(icmpHeaderBytes).copyFrom(quoted);
    message.writeU16be(icmpChecksumAt, internetChecksum(message));
    const frames = new FrameQueue();
    frames.push(frame);
    const route = this.ipv4.route(ofIpv4(header.source));
    if (!route.ok) this.pool.giveAll(frames);
    else if (this.ipv4.send(route.value, IpProtocol.Icmp, frames, now).ok) this.sent++;
  }
}

/** A message of which not even the type came counts as an error. */
function isAboutError(message: Slice<u8>): boolean {
  return message.length === 0 || isIcmpError(message[0]);
}
