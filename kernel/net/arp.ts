/** ARP: answers those who ask for this host, and asks for others. What is believed, resolver.ts says. */
import { broadcastMac, noMac, type MacAddress } from "../dev/mac-address.ts";
import type { PacketBuffer } from "../dev/packet.ts";
import type { PacketPool } from "../dev/packet-pool.ts";
import * as log from "../lib/log.ts";
import { AddressText } from "./address-text.ts";
import { never, type Alarm } from "./alarm.ts";
import { ipv4Of, ofIpv4, type IpAddress } from "./ip-address.ts";
import type { NetInterface } from "./net-interface.ts";
import type { NeighbourProtocol, Resolver } from "./resolver.ts";
import { arpBytes, ArpOperation, emitArp, parseArp, type ArpPacket } from "./wire/arp.ts";
import { EtherType, ethernetHeaderBytes } from "./wire/ethernet.ts";
import { isHostIpv4, noIpv4, type Ipv4Address } from "./wire/ipv4-address.ts";

/** How often an address is announced, and ns between (RFC 5227, section 1.1). The first time may be too early for a bridge. */
const announcements = 2;
const announceInterval = 2000000000;

@struct
export class Arp implements NeighbourProtocol {
  readonly pool: PacketPool;
  readonly resolver: Resolver;
  alarm: Alarm | null = null;
  /** Packets in which somebody else claims an address of this host. */
  conflicts: u64 = 0;

  constructor(pool: PacketPool, resolver: Resolver) {
    this.pool = pool;
    this.resolver = resolver;
  }

  /** Takes over a frame that begins behind its Ethernet header. */
  receive(link: NetInterface, frame: PacketBuffer, now: u64): void {
    const parsed = parseArp(frame.bytes());
    if (!parsed.ok) {
      link.drop(parsed.error);
      this.pool.give(frame);
      return;
    }
    const packet = parsed.value;
    const isForUs = link.ipv4.hasAddress() && packet.targetIp === link.ipv4.address;
    this.learn(link, packet, isForUs, now);
    if (isForUs && packet.operation === ArpOperation.Request) this.answer(link, frame, packet);
    else this.pool.give(frame);
  }

  learn(link: NetInterface, packet: ArpPacket, isForUs: boolean, now: u64): void {
    if (packet.senderMac === link.mac) return; // our own, come back
    if (link.ipv4.hasAddress() && packet.senderIp === link.ipv4.address) {
      this.reportConflict(packet);
      return;
    }
    if (!link.ipv4.isOnLink(packet.senderIp) || !isHostIpv4(packet.senderIp)) return;
    const sender = ofIpv4(packet.senderIp);
    if (packet.operation === ArpOperation.Request && isForUs) {
      this.resolver.hear(link, sender, packet.senderMac, now);
    } else if (packet.operation === ArpOperation.Reply && isForUs) {
      this.resolver.confirm(link, sender, packet.senderMac, now);
    } else {
      this.resolver.doubt(link, sender, packet.senderMac, now);
    }
  }

  reportConflict(packet: ArpPacket): void {
    this.conflicts++;
    if (this.conflicts > 1) return; // whoever does it does it often
    const address = new AddressText();
    const station = new AddressText();
    log.warn(`net: ${text(station.mac(packet.senderMac))} claims our ${text(address.ipv4(packet.senderIp))}`);
  }

  /** The request's frame becomes the reply. */
  answer(link: NetInterface, frame: PacketBuffer, request: ArpPacket): void {
    if (frame.next !== null) this.pool.give(frame.next);
    frame.next = null;
    frame.end = frame.start + arpBytes;
    emitArp(frame.bytes(), {
      operation: ArpOperation.Reply,
      senderMac: link.mac,
      senderIp: link.ipv4.address,
      targetMac: request.senderMac,
      targetIp: request.senderIp,
    });
    link.transmit(frame, request.senderMac, EtherType.Arp);
  }

  ask(link: NetInterface, address: IpAddress, station: MacAddress): void {
    this.request(link, link.ipv4.address, ipv4Of(address), station);
  }

  /** Tells all stations who has this address now (RFC 5227, section 2.3). */
  announce(link: NetInterface, now: u64): void {
    if (link.ipv4.address === noIpv4) return;
    link.announcements = announcements;
    link.announceAt = now;
    this.alarm?.callAt(this.tick(link, now));
  }

  /** Makes an announcement that is due; when the next one is, or all ones. */
  tick(link: NetInterface, now: u64): u64 {
    if (link.announcements === 0) return never;
    if (now < link.announceAt) return link.announceAt;
    link.announcements--;
    link.announceAt = now + announceInterval;
    this.request(link, link.ipv4.address, link.ipv4.address, broadcastMac);
    return link.announcements > 0 ? link.announceAt : never;
  }

  request(link: NetInterface, from: Ipv4Address, to: Ipv4Address, station: MacAddress): void {
    const frame = this.pool.take(ethernetHeaderBytes, 0);
    if (frame === null) return; // one asks again
    frame.end = frame.start + arpBytes;
    emitArp(frame.bytes(), {
      operation: ArpOperation.Request,
      senderMac: link.mac,
      senderIp: from,
      targetMac: noMac,
      targetIp: to,
    });
    link.transmit(frame, station, EtherType.Arp);
  }
}
