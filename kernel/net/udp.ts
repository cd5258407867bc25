/** UDP (RFC 768; RFC 1122, section 4.1): finds whose port a datagram is for, and sends datagrams. */
import { Checksum, nonZero, trimFrame, type FrameQueue, type PacketBuffer } from "../dev/packet.ts";
import type { PacketPool } from "../dev/packet-pool.ts";
import { foldSum } from "../lib/internet-checksum.ts";
import { pseudoHeaderSum } from "./ip-address.ts";
import {
  Refusal,
  type SendFault,
  type Datagram,
  type Failure,
  type NetworkLayer,
  type Route,
  type Transport,
} from "./network-layer.ts";
import { allocatePayload, buffersFor, payloadLength, sumPayload } from "./payload.ts";
import type { Endpoint, UdpPort } from "./udp-port.ts";
import { IpProtocol } from "./wire/ipv4.ts";
import {
  emitUdp,
  parseQuotedUdp,
  parseUdp,
  udpChecksumAt,
  udpHeaderBytes,
  type UdpHeader,
} from "./wire/udp.ts";

/** Ports that are given to those who want any (RFC 6335). */
const firstDynamicPort = 49152;
const dynamicPorts = 16384;

/** Why a port was not opened. */
export const enum BindFault {
  InUse,
  /** All dynamic ports are in use. */
  NoneLeft,
}

@struct
export class Udp implements Transport {
  readonly pool: PacketPool;
  readonly network: NetworkLayer;
  /** All ports that somebody has. */
  ports: UdpPort | null = null;
  nextDynamic: u16 = 0;
  received: u64 = 0;
  sent: u64 = 0;
  /** Datagrams for ports that nobody has. */
  strays: u64 = 0;

  constructor(pool: PacketPool, network: NetworkLayer) {
    this.pool = pool;
    this.network = network;
  }

  find(number: u16): UdpPort | null {
    for (let port = this.ports; port !== null; port = port.next) {
      if (port.number === number) return port;
    }
    return null;
  }

  /** Gives `port`, which is nobody's, this number; 0 stands for any. */
  bind(port: UdpPort, wanted: u16): Result<undefined, BindFault> {
    const number = wanted === 0 ? this.freePort() : wanted;
    if (number === 0) return err(BindFault.NoneLeft);
    if (this.find(number) !== null) return err(BindFault.InUse);
    port.number = number;
    port.next = this.ports;
    this.ports = port;
    return ok();
  }

  /** A dynamic port that nobody has; 0 where there is none. */
  freePort(): u16 {
    for (let tries: u32 = 0; tries < dynamicPorts; tries++) {
      const number: u16 = (firstDynamicPort + (this.nextDynamic % dynamicPorts)) as u16;
      this.nextDynamic++;
      if (this.find(number) === null) return number;
    }
    return 0;
  }

  /** The port is nobody's from now on; what waits there is thrown away. */
  release(port: UdpPort): void {
    port.clear(this.pool);
    port.number = 0;
    if (this.ports === port) {
      this.ports = port.next;
      return;
    }
    for (let other = this.ports; other !== null; other = other.next) {
      if (other.next === port) other.next = port.next;
    }
  }

  receive(datagram: Datagram, now: u64): void {
    const first = datagram.frames.first;
    if (first === null) return;
    const parsed = parseUdp(first.bytes(), datagram.length);
    const fault = parsed.ok ? judge(datagram, first, parsed.value) : parsed.error;
    if (!parsed.ok || fault !== "") {
      datagram.link.drop(fault);
      return;
    }
    const header = parsed.value;
    const port = this.find(header.destinationPort);
    if (port === null) {
      this.strays++;
      this.network.refuse(datagram, Refusal.Port, now);
      return;
    }
    this.received++;
    first.skip(udpHeaderBytes);
    port.accept({ address: datagram.source, port: header.sourcePort }, datagram.frames, this.pool);
  }

  failed(failure: Failure, quoted: Slice<u8>): void {
    const header = parseQuotedUdp(quoted);
    if (!header.ok) return;
    const port = this.find(header.value.sourcePort);
    if (port === null) return;
    port.failures++;
    port.lastFailure = failure.what;
  }

  /** Buffers for a payload of `length` bytes to `address`: they go to `frames`, which is empty before. */
  prepare(to: Endpoint, length: u32, frames: FrameQueue): Result<undefined, SendFault> {
    const route = this.network.route(to.address);
    if (!route.ok) return err(route.error);
    return allocatePayload(this.pool, this.network, route.value, udpHeaderBytes, length, frames);
  }

  /** Whether `send` takes what was prepared: a neighbour that is still being asked for lets only so much wait. */
  hasRoom(to: Endpoint, frames: FrameQueue): boolean {
    const route = this.network.route(to.address);
    return !route.ok || this.network.hasRoom(route.value, frames.count);
  }

  /** How many buffers should be free before `prepare` is tried again. */
  buffersFor(to: Endpoint, length: u32): usize {
    const route = this.network.route(to.address);
    return route.ok ? buffersFor(this.network, route.value, udpHeaderBytes, length) : 0;
  }

  /** Sends a payload from `port`; takes over its frames. The device is not flushed. */
  send(port: UdpPort, to: Endpoint, frames: FrameQueue, now: u64): Result<undefined, SendFault> {
    const route = this.network.route(to.address);
    if (!route.ok) {
      this.pool.giveAll(frames);
      return err(route.error);
    }
    emitHeader(route.value, port.number, to.port, frames);
    this.sent++;
    return this.network.send(route.value, IpProtocol.Udp, frames, now);
  }
}

/** Puts the header in front. The checksum of what goes in one frame is left to the device. */
function emitHeader(route: Route, sourcePort: u16, destinationPort: u16, frames: FrameQueue): void {
  const first = frames.first;
  assert(first !== null, "a payload has a frame, be it empty");
  const header = first.prepend(udpHeaderBytes);
  const length = payloadLength(frames) as u32;
  const pseudo = foldSum(pseudoHeaderSum(route.source, route.destination, IpProtocol.Udp, length));
  emitUdp(header, { sourcePort, destinationPort, length, checksum: 0 });
  if (frames.count > 1) {
    header.writeU16be(udpChecksumAt, nonZero(~foldSum(sumPayload(frames) + pseudo) as u16));
    return;
  }
  header.writeU16be(udpChecksumAt, pseudo);
  first.checksum = Checksum.Blank;
  first.checksumStart = first.start;
  first.checksumOffset = udpChecksumAt;
}

/** Cuts off what follows the datagram. What is wrong with it; empty where nothing is. */
function judge(datagram: Datagram, first: PacketBuffer, header: UdpHeader): string {
  if (header.length !== datagram.length) {
    if (datagram.frames.count > 1) return "UDP length that is not that of its fragments";
    trimFrame(first, header.length);
  }
  if (header.checksum === 0 || datagram.checksum !== Checksum.Unknown) return "";
  const pseudo = pseudoHeaderSum(datagram.source, datagram.destination, IpProtocol.Udp, header.length);
  return foldSum(sumPayload(datagram.frames) + pseudo) === 0xffff ? "" : "wrong UDP checksum";
}
