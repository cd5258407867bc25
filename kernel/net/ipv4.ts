/** IPv4 (RFC 791; RFC 1122, section 3) for a host: it takes what is for it, and forwards nothing. */
import { Checksum, frameLength, type FrameQueue, trimFrame, type PacketBuffer } from "../dev/packet.ts";
import type { PacketPool } from "../dev/packet-pool.ts";
import { ipv4Of, ofIpv4, type IpAddress } from "./ip-address.ts";
import type { NetInterface } from "./net-interface.ts";
import {
  Datagram,
  SendFault,
  type NetworkLayer,
  Refusal,
  type Route,
  type Transport,
} from "./network-layer.ts";
import type { Reassembly } from "./reassembly.ts";
import type { Resolver } from "./resolver.ts";
import type { RouteTable } from "./route-table.ts";
import { emitIpv4, ipv4HeaderBytes, longestIpv4, parseIpv4Header, type Ipv4Header } from "./wire/ipv4.ts";
import { isGroupIpv4, isHostIpv4, limitedBroadcast, noIpv4 } from "./wire/ipv4-address.ts";

/** What hosts send today, so that a packet can cross the Internet (RFC 1700). */
const timeToLive = 64;

/** Who tells senders that their packets were not taken: ICMP. */
export interface ErrorReporter {
  /** `packet` begins with its IP header. */
  refused(link: NetInterface, packet: Slice<u8>, why: Refusal, now: u64): void;
}

@struct
class TransportEntry {
  protocol: u8 = 0;
  transport: Transport | null = null;
}

@struct
export class Ipv4 implements NetworkLayer {
  readonly pool: PacketPool;
  readonly routes: RouteTable;
  readonly resolver: Resolver;
  readonly reassembly: Reassembly;
  errors: ErrorReporter | null = null;
  readonly transports = new FixedArray<TransportEntry, 4>();
  /** Of the next datagram that is sent in fragments. */
  identification: u16 = 0;

  constructor(pool: PacketPool, routes: RouteTable, resolver: Resolver, reassembly: Reassembly) {
    this.pool = pool;
    this.routes = routes;
    this.resolver = resolver;
    this.reassembly = reassembly;
  }

  /** Says who gets the datagrams of `protocol`. There is room for four. */
  register(protocol: u8, transport: Transport): void {
    for (const entry of this.transports) {
      if (entry.transport !== null) continue;
      entry.protocol = protocol;
      entry.transport = transport;
      return;
    }
    assert(false, "there is room for the transport protocols");
  }

  transportOf(protocol: u8): Transport | null {
    for (const entry of this.transports) {
      if (entry.protocol === protocol) return entry.transport;
    }
    return null;
  }

  /** Takes over a frame that begins behind its Ethernet header; `isGroup` where that was for several stations. */
  receive(link: NetInterface, frame: PacketBuffer, isGroup: boolean, now: u64): void {
    const parsed = parseIpv4Header(frame.bytes(), frameLength(frame));
    const fault = parsed.ok ? judge(link, parsed.value, isGroup) : parsed.error;
    if (!parsed.ok || fault !== "") {
      link.drop(fault);
      this.pool.give(frame);
      return;
    }
    const header = parsed.value;
    trimFrame(frame, header.totalBytes);
    frame.skip(header.headerBytes);
    const toAll = isGroup || header.destination !== link.ipv4.address;
    const datagram = new Datagram(link, ofIpv4(header.source), ofIpv4(header.destination), toAll);
    if (header.moreFragments || header.fragmentOffset > 0) {
      const gathering = this.reassembly.add(link, header, frame, datagram.frames, now);
      if (gathering === null) return;
      datagram.length = gathering.total;
      datagram.headerBytes = gathering.headerBytes;
    } else {
      datagram.length = header.totalBytes - header.headerBytes;
      datagram.headerBytes = header.headerBytes;
      datagram.checksum = frame.checksum;
      datagram.frames.push(frame);
    }
    this.deliver(datagram, header.protocol, now);
    this.pool.giveAll(datagram.frames);
  }

  deliver(datagram: Datagram, protocol: u8, now: u64): void {
    const transport = this.transportOf(protocol);
    if (transport !== null) transport.receive(datagram, now);
    else {
      datagram.link.drop("IPv4 protocol that nobody speaks here");
      this.refuse(datagram, Refusal.Protocol, now);
    }
  }

  refuse(datagram: Datagram, why: Refusal, now: u64): void {
    const first = datagram.frames.first;
    if (first === null || datagram.isGroup) return;
    first.prepend(datagram.headerBytes);
    this.errors?.refused(datagram.link, first.bytes(), why, now);
    first.skip(datagram.headerBytes);
  }

  route(destination: IpAddress): Result<Route, SendFault> {
    return this.routes.find(ipv4Of(destination));
  }

  largestWhole(route: Route): u32 {
    return route.link.mtu - ipv4HeaderBytes;
  }

  fragmentBytes(route: Route): u32 {
    return (route.link.mtu - ipv4HeaderBytes) & ~7;
  }

  hasRoom(route: Route, frames: usize): boolean {
    return this.resolver.hasRoom(route.link, route.nextHop, frames);
  }

  send(route: Route, protocol: u8, frames: FrameQueue, now: u64): Result<undefined, SendFault> {
    const possible = this.check(route, frames);
    if (!possible.ok) {
      route.link.counters.unsent++;
      this.pool.giveAll(frames);
      return possible;
    }
    const isWhole = frames.count === 1;
    if (!isWhole) this.identification++;
    let offset: u32 = 0;
    for (let frame = frames.pop(); frame !== null; frame = frames.pop()) {
      const length = frameLength(frame) as u32;
      if (!isWhole) frame.checksum = Checksum.Unknown;
      emitIpv4(frame.prepend(ipv4HeaderBytes), {
        headerBytes: ipv4HeaderBytes,
        totalBytes: ipv4HeaderBytes + length,
        identification: isWhole ? 0 : this.identification,
        moreFragments: frames.count > 0,
        fragmentOffset: offset,
        timeToLive,
        protocol,
        source: ipv4Of(route.source),
        destination: ipv4Of(route.destination),
      });
      offset += length;
      const sent = this.transmit(route, frame, now);
      if (sent.ok) continue;
      route.link.counters.unsent++;
      this.pool.giveAll(frames);
      return sent;
    }
    return ok();
  }

  transmit(route: Route, frame: PacketBuffer, now: u64): Result<undefined, SendFault> {
    return this.resolver.send(route.link, frame, route.nextHop, now);
  }

  /** Whether the link, and a datagram, can hold the frames. */
  check(route: Route, frames: FrameQueue): Result<undefined, SendFault> {
    if (!route.link.isUp()) return err(SendFault.NoCarrier);
    const limit = frames.count === 1 ? this.largestWhole(route) : this.fragmentBytes(route);
    let total: usize = ipv4HeaderBytes;
    for (let frame = frames.first; frame !== null; frame = frame.following) {
      const length = frameLength(frame);
      total += length;
      if (length > limit || (frame.following !== null && length % 8 !== 0)) return err(SendFault.TooLong);
    }
    return total > longestIpv4 ? err(SendFault.TooLong) : ok();
  }
}

/** What is wrong with a well-formed header for this host on this link; empty where nothing is. */
function judge(link: NetInterface, header: Ipv4Header, isGroup: boolean): string {
  const source = header.source;
  const destination = header.destination;
  if (!link.ipv4.hasAddress()) return "IPv4 while the interface has no address";
  if (!isHostIpv4(source) || link.ipv4.isBroadcast(source)) return "IPv4 from an address that no host has";
  if (source === link.ipv4.address) return "IPv4 from our own address";
  if (destination === link.ipv4.address) return isGroup ? "IPv4 for us alone in a frame for all" : "";
  if (destination === limitedBroadcast || link.ipv4.isBroadcast(destination)) return "";
  if (isGroupIpv4(destination)) return "IPv4 for a group that we are not in";
  return destination === noIpv4 ? "IPv4 for nobody" : "IPv4 for another host";
}
