/** What the layers know of each other: a network layer (IPv4; with room for IPv6) and the protocols above it. */
import { Checksum, FrameQueue } from "../dev/packet.ts";
import type { IpAddress } from "./ip-address.ts";
import type { NetInterface } from "./net-interface.ts";

/** Why something was not sent. */
export const enum SendFault {
  /** No interface has an address from which the destination can be reached. */
  NoRoute,
  /** The interface has no carrier. */
  NoCarrier,
  /** The neighbour does not answer. */
  Unreachable,
  /** More than a datagram can hold, or cut into pieces that do not fit the link. */
  TooLong,
  /** All buffers are in use. */
  NoBuffers,
}

export function describeFault(fault: SendFault): string {
  switch (fault) {
    case SendFault.NoRoute:
      return "no route to the host";
    case SendFault.NoCarrier:
      return "no carrier";
    case SendFault.Unreachable:
      return "the neighbour does not answer";
    case SendFault.TooLong:
      return "the message is too long";
    case SendFault.NoBuffers:
      return "no free buffers";
  }
}

/** How a destination is reached. */
export type Route = {
  readonly link: NetInterface;
  readonly source: IpAddress;
  readonly destination: IpAddress;
  /** The neighbour that takes it: the destination itself, or a router. */
  readonly nextHop: IpAddress;
};

/** Why a datagram is not taken. */
export const enum Refusal {
  /** No such protocol here. */
  Protocol,
  /** Nobody has this port. */
  Port,
}

/** What has come for this host: whole, and with a header that has been checked. Lives as long as it is being received. */
@struct
export class Datagram {
  readonly link: NetInterface;
  readonly source: IpAddress;
  readonly destination: IpAddress;
  /** To more than one station, or from none in particular. */
  readonly isGroup: boolean;
  /** The payload: one frame, or one for each fragment, in order. Whoever receives it empties the queue. */
  readonly frames = new FrameQueue();
  /** Bytes of payload. */
  length: u32 = 0;
  /** Bytes of the network header in front of the first frame's payload, as it came. */
  headerBytes: u32 = 0;
  /** What the device knows of the transport's checksum. */
  checksum: Checksum = Checksum.Unknown;

  constructor(link: NetInterface, source: IpAddress, destination: IpAddress, isGroup: boolean) {
    this.link = link;
    this.source = source;
    this.destination = destination;
    this.isGroup = isGroup;
  }
}

/** An error that came back about a packet of this host. */
export type Failure = {
  /** Where it was sent to. */
  readonly destination: IpAddress;
  /** Who says so. */
  readonly reporter: IpAddress;
  readonly what: string;
};

/** A protocol above the network layer. */
export interface Transport {
  /** Takes over the datagram's frames. */
  receive(datagram: Datagram, now: u64): void;
  /** `quoted` is what came back of its packet: its header's first bytes. A stranger may have made it up. */
  failed(failure: Failure, quoted: Slice<u8>): void;
}

export interface NetworkLayer {
  route(destination: IpAddress): Result<Route, SendFault>;
  /** The most payload of one packet on this way, whole. */
  largestWhole(route: Route): u32;
  /** The payload of each fragment of a larger one, except the last. */
  fragmentBytes(route: Route): u32;
  /** Whether `send` can pass on, or keep, so many frames on this way now. */
  hasRoom(route: Route, frames: usize): boolean;
  /**
   * Sends a payload: one frame, or one for each fragment, with room for the headers in front. Takes over the frames, whatever
   * the result; the device is not flushed.
   */
  send(route: Route, protocol: u8, frames: FrameQueue, now: u64): Result<undefined, SendFault>;
  /** Tells the sender that its datagram was not taken, where that is proper. The frames stay the caller's. */
  refuse(datagram: Datagram, why: Refusal, now: u64): void;
}
