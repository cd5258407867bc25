/** A UDP port: what has come for it and nobody has fetched yet, in bounded memory. */
import { FrameQueue } from "../dev/packet.ts";
import type { PacketPool } from "../dev/packet-pool.ts";
import type { IpAddress } from "./ip-address.ts";

/** Where a datagram comes from, or goes to. */
export type Endpoint = { readonly address: IpAddress; readonly port: u16 };

/** Datagrams that wait, and frames of these: one datagram of the largest size fits, in fragments of 576 bytes. */
const mostWaiting = 32;
const mostFrames = 128;

@struct
export class ReceivedDatagram {
  from: Endpoint = { address: { high: 0, low: 0 }, port: 0 };
  /** The payload, UDP header taken off. */
  readonly frames = new FrameQueue();
}

/** Who waits for something to come. */
export interface Arrival {
  arrived(): void;
}

@struct
export class UdpPort {
  /** 0: nobody's. */
  number: u16 = 0;
  /** Another port that is in use. */
  next: UdpPort | null = null;
  listener: Arrival | null = null;
  readonly waiting = new FixedArray<ReceivedDatagram, 32>();
  head: usize = 0;
  count: usize = 0;
  /** Frames of all that wait. */
  frames: usize = 0;
  /** Datagrams that found no room. */
  overflows: u64 = 0;
  /** ICMP errors about what was sent from here, and the last one's reason. */
  failures: u64 = 0;
  lastFailure: string = "";

  /** Takes over the frames of a datagram, if there is room. */
  accept(from: Endpoint, frames: FrameQueue, pool: PacketPool): void {
    if (this.count === mostWaiting || this.frames + frames.count > mostFrames || pool.isScarce()) {
      this.overflows++;
      return;
    }
    const place = this.waiting[(this.head + this.count) % mostWaiting];
    this.count++;
    this.frames += frames.count;
    place.from = from;
    place.frames.takeAll(frames);
    this.listener?.arrived();
  }

  /** The oldest datagram goes to `into`, whose queue is empty; false where none waits. */
  fetch(into: ReceivedDatagram): boolean {
    if (this.count === 0) return false;
    const place = this.waiting[this.head];
    this.head = (this.head + 1) % mostWaiting;
    this.count--;
    this.frames -= place.frames.count;
    into.from = place.from;
    into.frames.takeAll(place.frames);
    return true;
  }

  /** Throws away what waits. */
  clear(pool: PacketPool): void {
    for (const place of this.waiting) pool.giveAll(place.frames);
    this.count = 0;
    this.frames = 0;
  }
}
