/** UDP for tasks: waits for datagrams, and sends them. */
import type { FrameQueue } from "../dev/packet.ts";
import { waitIn, wakeFirst } from "../sched/scheduler.ts";
import { TaskList, Wake, WakeSource } from "../sched/task.ts";
import type { SendFault } from "./network-layer.ts";
import type { NetworkStack } from "./network-stack.ts";
import type { BindFault, Udp } from "./udp.ts";
import { UdpPort, type Arrival, type Endpoint, type ReceivedDatagram } from "./udp-port.ts";

@struct
export class UdpSocket implements Arrival {
  readonly stack: NetworkStack;
  readonly udp: Udp;
  readonly port = new UdpPort();
  readonly readers = new TaskList("udp socket", WakeSource.Events);

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

  /** Sends, and takes over the frames whatever the result; several can be sent before one `flush`. */
  send(to: Endpoint, frames: FrameQueue, now: u64): Result<undefined, SendFault> {
    return this.udp.send(this.port, to, frames, now);
  }

  /** Lets the devices send what was passed to them. */
  flush(): void {
    this.stack.flush();
  }
}
