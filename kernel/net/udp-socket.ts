/** UDP for tasks: waits for datagrams, and sends them. */
import type { FrameQueue } from "../dev/packet.ts";
import { BufferWait, type BufferTarget } from "../dev/packet-pool.ts";
import { waitIn, wakeAll, wakeFirst } from "../sched/scheduler.ts";
import { TaskList, Wake, WakeSource } from "../sched/task.ts";
import { SendFault } from "./network-layer.ts";
import type { NetworkStack } from "./network-stack.ts";
import type { BindFault, Udp } from "./udp.ts";
import { UdpPort, type Arrival, type Endpoint, type ReceivedDatagram } from "./udp-port.ts";

@struct
export class UdpSocket implements Arrival, BufferTarget {
  readonly stack: NetworkStack;
  readonly udp: Udp;
  readonly port = new UdpPort();
  readonly readers = new TaskList("udp socket", WakeSource.Events);
  readonly writers = new TaskList("udp socket, for buffers", WakeSource.Events);
  readonly room = new BufferWait();

  constructor(stack: NetworkStack, udp: Udp) {
    this.stack = stack;
    this.udp = udp;
  }

  /** Takes a port; 0 stands for any that is free. */
  open(number: u16): Result<undefined, BindFault> {
    this.port.listener = this;
    return this.udp.bind(this.port, number);
  }

  /** Gives it back, with what came for it. */
  close(): void {
    this.udp.release(this.port);
  }

  arrived(): void {
    wakeFirst(this.readers);
  }

  /**
   * Waits for a datagram until `deadline` (system time in ns); with anything but `Wake.Signal` there came none. Its frames
   * are the caller's, who reads them with `readPayload` and then gives them to `send` or `release`. @blocks
   */
  receive(into: ReceivedDatagram, deadline: u64): Wake {
    while (!this.port.fetch(into)) {
      const woken = waitIn(this.readers, deadline);
      if (woken !== Wake.Signal) return woken;
    }
    return Wake.Signal;
  }

  /** Nobody needs these frames any more. */
  release(frames: FrameQueue): void {
    this.stack.pool.giveAll(frames);
  }

  /** Buffers for `length` bytes to `to`, which the caller fills in by `fillPayload` or in place, and sends. */
  prepare(to: Endpoint, length: u32, frames: FrameQueue): Result<undefined, SendFault> {
    return this.udp.prepare(to, length, frames);
  }

  /**
   * The same, and waits for room until `deadline` (system time in ns): for buffers, and for a neighbour that is being asked
   * for. Who sends faster than the device is slowed down by it, and loses nothing. @blocks
   */
  prepareBy(to: Endpoint, length: u32, frames: FrameQueue, deadline: u64): Result<undefined, SendFault> {
    for (;;) {
      const prepared = this.prepare(to, length, frames);
      if (prepared.ok && this.udp.hasRoom(to, frames)) return prepared;
      if (!prepared.ok && prepared.error !== SendFault.NoBuffers) return prepared;
      this.release(frames);
      this.stack.pool.tellWhen(this.room, this.udp.buffersFor(to, length), this);
      this.flush(); // from now on the device says at once what was sent
      while (this.room.isWaiting) {
        if (waitIn(this.writers, deadline) !== Wake.Signal) return err(SendFault.NoBuffers);
      }
    }
  }

  buffersCameBack(): void {
    wakeAll(this.writers);
  }

  /** Sends, and takes over the frames whatever the result; several can be sent before one `flush`. */
  send(to: Endpoint, frames: FrameQueue, now: u64): Result<undefined, SendFault> {
    return this.udp.send(this.port, to, frames, now);
  }

  /** Lets the devices send what was passed to them. */
  flush(): void {
    this.stack.flush();
  }
}
