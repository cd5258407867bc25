/** A network device with what the stack knows of its link: addresses, neighbours, counters. */
import { noMac, type MacAddress } from "../dev/mac-address.ts";
import { NetFeature, type NetDevice } from "../dev/net.ts";
import { completeChecksum, frameLength, type PacketBuffer } from "../dev/packet.ts";
import { Neighbours } from "./neighbours.ts";
import { emitEthernet, ethernetHeaderBytes, type EtherType } from "./wire/ethernet.ts";
import { noIpv4, sharePrefix, subnetBroadcast, type Ipv4Address } from "./wire/ipv4-address.ts";

/** The address of an interface; `noIpv4` where it has none. */
@struct
export class Ipv4Settings {
  address: Ipv4Address = noIpv4;
  prefixLength: u32 = 0;
  /** The router to everywhere else; `noIpv4` where there is none. */
  gateway: Ipv4Address = noIpv4;

  hasAddress(): boolean {
    return this.address !== noIpv4;
  }

  /** Whether `address` is on this link. */
  isOnLink(address: Ipv4Address): boolean {
    return this.hasAddress() && sharePrefix(this.address, address, this.prefixLength);
  }

  /** The address of all hosts of this network; a network of two (RFC 3021) or one has none. */
  isBroadcast(address: Ipv4Address): boolean {
    return this.prefixLength < 31 && address === subnetBroadcast(this.address, this.prefixLength);
  }
}

@struct
export class InterfaceCounters {
  framesIn: u64 = 0;
  bytesIn: u64 = 0;
  framesOut: u64 = 0;
  bytesOut: u64 = 0;
  /** Frames for other stations, or of protocols that nobody speaks here. */
  ignored: u64 = 0;
  /** What was received and is not as its protocol says, or for nobody. */
  dropped: u64 = 0;
  /** Why the last of these was dropped. */
  lastDrop: string = "";
  /** Whole datagrams that were not sent. */
  unsent: u64 = 0;
}

/** Sees every frame that passes an interface: a capture. */
export interface FrameTap {
  /** The frame stays whose it is. */
  seen(frame: PacketBuffer): void;
}

@struct
export class NetInterface {
  /** Null where no device is attached. */
  device: NetDevice | null = null;
  mac: MacAddress = noMac;
  /** The most bytes after the Ethernet header. */
  mtu: u32 = 0;
  readonly ipv4 = new Ipv4Settings();
  readonly neighbours = new Neighbours();
  readonly counters = new InterfaceCounters();
  tap: FrameTap | null = null;
  /** Announcements of our address that are still to be made, and when the next one is. */
  announcements: u32 = 0;
  announceAt: u64 = 0;

  isUp(): boolean {
    return this.device?.hasCarrier() ?? false;
  }

  /** Puts an Ethernet header in front of `frame`, and passes it to the device, which there must be. */
  transmit(frame: PacketBuffer, destination: MacAddress, type: EtherType): void {
    const device = this.device;
    assert(device !== null, "frames leave by an interface that has a device");
    emitEthernet(frame.prepend(ethernetHeaderBytes), { destination, source: this.mac, type: type as u16 });
    if (!has(device.features(), NetFeature.ChecksumOffload)) completeChecksum(frame);
    this.counters.framesOut++;
    this.counters.bytesOut += frameLength(frame);
    this.tap?.seen(frame);
    device.transmit(frame);
  }

  /** Counts something received that goes no further. */
  drop(reason: string): void {
    this.counters.dropped++;
    this.counters.lastDrop = reason;
  }
}
