/** What network devices and the network stack know of each other. */
import type { Printer } from "../lib/printer.ts";
import type { MacAddress } from "./mac-address.ts";
import type { PacketBuffer } from "./packet.ts";

export const enum NetFeature {
  /** Completes blank checksums of TCP and UDP over IPv4 in frames that it sends. */
  ChecksumOffload = 1,
  /** Takes frames of more than one piece. */
  ScatterGather = 2,
}

/** An Ethernet device, as the stack sees it. */
export interface NetDevice {
  /** Its name in reports: `eth0`. */
  name(): string;
  macAddress(): MacAddress;
  /** The most bytes that a frame carries after its Ethernet header. */
  mtu(): u32;
  features(): Flags<NetFeature, u32>;
  /** Whether frames can get out. */
  hasCarrier(): boolean;
  /** Takes over a frame, Ethernet header first, and gives it back to the pool when it is sent. The peer hears of it by `flush`. */
  transmit(frame: PacketBuffer): void;
  /** After a batch of frames to transmit. While the device hands up received frames, it does this itself at their end. */
  flush(): void;
  /** Lines on what it has counted. */
  report(printer: Printer): void;
}

/** Who gets what network devices receive. Times are nanoseconds of system time. */
export interface NetClient {
  /** A device has come. False where there is no room for one more. */
  attached(device: NetDevice, now: u64): boolean;
  /** It has gone: nobody may call it any more. */
  detached(device: NetDevice): void;
  /** Takes over a received frame, Ethernet header first. Its checksum states what the device knows. */
  received(device: NetDevice, frame: PacketBuffer, now: u64): void;
  /** `hasCarrier`, `features` or `mtu` may have changed. */
  changed(device: NetDevice, now: u64): void;
}
