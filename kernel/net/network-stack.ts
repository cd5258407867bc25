/** The stack: what devices hand up goes to the protocol that it is for. Time comes in as an argument. */
import { isGroupMac } from "../dev/mac-address.ts";
import type { NetClient, NetDevice } from "../dev/net.ts";
import { frameLength, type PacketBuffer } from "../dev/packet.ts";
import type { PacketPool } from "../dev/packet-pool.ts";
import * as log from "../lib/log.ts";
import { AddressText } from "./address-text.ts";
import type { Alarm } from "./alarm.ts";
import type { Arp } from "./arp.ts";
import type { IpOption } from "./ip-option.ts";
import type { Ipv4 } from "./ipv4.ts";
import type { NetInterface } from "./net-interface.ts";
import type { Reassembly } from "./reassembly.ts";
import type { Resolver } from "./resolver.ts";
import type { RouteTable } from "./route-table.ts";
import { EtherType, ethernetHeaderBytes, parseEthernet } from "./wire/ethernet.ts";
import { noIpv4, type Ipv4Address } from "./wire/ipv4-address.ts";

/** Below this no IPv4 link works (RFC 791); above, the length of a packet is at its limit. */
const leastMtu = 68;
const largestMtu = 65535;

/** An address that the command line wants an interface to have. */
@struct
export class WantedAddress {
  readonly device = new FixedArray<u8, 16>();
  deviceLength: usize = 0;
  address: Ipv4Address = noIpv4;
  prefixLength: u32 = 0;
  gateway: Ipv4Address = noIpv4;

  /** False where the device's name is longer than any. */
  note(option: IpOption): boolean {
    if (option.device.length > this.device.length) return false;
    this.device.copyFrom(option.device);
    this.deviceLength = option.device.length;
    this.address = option.address;
    this.prefixLength = option.prefixLength;
    this.gateway = option.gateway;
    return true;
  }

  /** Whether it is for a device of this name. */
  isFor(name: string): boolean {
    return this.deviceLength === 0 || this.device.slice(0, this.deviceLength).equals(name.bytes());
  }
}

@struct
export class NetworkStack implements NetClient {
  readonly pool: PacketPool;
  readonly routes: RouteTable;
  readonly resolver: Resolver;
  readonly arp: Arp;
  readonly reassembly: Reassembly;
  readonly ipv4: Ipv4;
  readonly wanted = new FixedArray<WantedAddress, 4>();

  constructor(
    pool: PacketPool,
    routes: RouteTable,
    resolver: Resolver,
    arp: Arp,
    reassembly: Reassembly,
    ipv4: Ipv4,
  ) {
    this.pool = pool;
    this.routes = routes;
    this.resolver = resolver;
    this.arp = arp;
    this.reassembly = reassembly;
    this.ipv4 = ipv4;
  }

  useAlarm(alarm: Alarm): void {
    this.resolver.alarm = alarm;
    this.arp.alarm = alarm;
    this.reassembly.alarm = alarm;
  }

  /** An interface is to have this address when its device comes; false where there is no room for more wishes. */
  want(option: IpOption): boolean {
    if (option.address === noIpv4) return true;
    for (const wanted of this.wanted) {
      if (wanted.address === noIpv4) return wanted.note(option);
    }
    return false;
  }

  attached(device: NetDevice, now: u64): boolean {
    for (const link of this.routes.interfaces) {
      if (link.device !== null) continue;
      zero(link.counters);
      link.device = device;
      link.mac = device.macAddress();
      link.mtu = usableMtu(device);
      this.addressFor(link, device);
      this.announce(link, device, now);
      return true;
    }
    log.warn(`net: ${device.name()} is left out: no room for more than ${this.routes.interfaces.length}`);
    return false;
  }

  addressFor(link: NetInterface, device: NetDevice): void {
    link.ipv4.address = noIpv4;
    link.ipv4.gateway = noIpv4;
    for (const wanted of this.wanted) {
      if (wanted.address === noIpv4 || !wanted.isFor(device.name()) || this.isTaken(wanted.address)) continue;
      this.configure(link, wanted.address, wanted.prefixLength, wanted.gateway);
      return;
    }
  }

  isTaken(address: Ipv4Address): boolean {
    for (const link of this.routes.interfaces) {
      if (link.device !== null && link.ipv4.address === address) return true;
    }
    return false;
  }

  /** Gives an interface its address, and forgets the neighbours of the one before. */
  configure(link: NetInterface, address: Ipv4Address, prefixLength: u32, gateway: Ipv4Address): void {
    link.ipv4.address = address;
    link.ipv4.prefixLength = prefixLength;
    link.ipv4.gateway = gateway;
    this.resolver.forget(link);
    const shown = new AddressText();
    log.info(`net: ${link.device?.name() ?? "?"} has ${text(shown.ipv4(address))}/${prefixLength}`);
  }

  detached(device: NetDevice): void {
    const link = this.interfaceOf(device);
    if (link === null) return;
    this.resolver.forget(link);
    this.reassembly.forget(link);
    link.device = null;
  }

  changed(device: NetDevice, now: u64): void {
    const link = this.interfaceOf(device);
    if (link === null) return;
    link.mtu = usableMtu(device);
    this.announce(link, device, now);
    device.flush();
  }

  /** Says where we are, or leaves off: there is a carrier again, or none. */
  announce(link: NetInterface, device: NetDevice, now: u64): void {
    link.announcements = 0;
    if (device.hasCarrier()) this.arp.announce(link, now);
  }

  interfaceOf(device: NetDevice): NetInterface | null {
    for (const link of this.routes.interfaces) {
      if (link.device === device) return link;
    }
    return null;
  }

  received(device: NetDevice, frame: PacketBuffer, now: u64): void {
    const link = this.interfaceOf(device);
    if (link === null) {
      this.pool.give(frame);
      return;
    }
    link.counters.framesIn++;
    link.counters.bytesIn += frameLength(frame);
    link.tap?.seen(frame);
    const parsed = parseEthernet(frame.bytes());
    if (!parsed.ok) {
      link.drop(parsed.error);
      this.pool.give(frame);
      return;
    }
    const destination = parsed.value.destination;
    const type = parsed.value.type;
    const isGroup = isGroupMac(destination);
    frame.skip(ethernetHeaderBytes);
    if (!isGroup && destination !== link.mac) this.ignore(link, frame);
    else if (type === EtherType.Ipv4) this.ipv4.receive(link, frame, isGroup, now);
    else if (type === EtherType.Arp) this.arp.receive(link, frame, now);
    else this.ignore(link, frame);
  }

  ignore(link: NetInterface, frame: PacketBuffer): void {
    link.counters.ignored++;
    this.pool.give(frame);
  }

  /** Does what is due; the time at which to do so again, or all ones. The alarm has asked for it. */
  tick(now: u64): u64 {
    let next: u64 = this.reassembly.tick(now);
    for (const link of this.routes.interfaces) {
      if (link.device === null) continue;
      next = min<u64>(next, this.resolver.tick(link, now));
      next = min<u64>(next, this.arp.tick(link, now));
    }
    this.flush();
    return next;
  }

  /** Lets all devices send what was passed to them. */
  flush(): void {
    for (const link of this.routes.interfaces) link.device?.flush();
  }
}

function usableMtu(device: NetDevice): u32 {
  return min<u32>(max<u32>(device.mtu(), leastMtu), largestMtu);
}
