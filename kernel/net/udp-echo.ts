/** Sends every datagram back to where it came from (RFC 862), in the buffers in which it came. */
import { Wake, type TaskBody } from "../sched/task.ts";
import { never } from "../sched/timer-heap.ts";
import { ReceivedDatagram } from "./udp-port.ts";
import type { UdpSocket } from "./udp-socket.ts";

@struct
export class UdpEcho implements TaskBody {
  readonly socket: UdpSocket;
  /** System time in ns. */
  readonly clock: () => u64;
  readonly datagram = new ReceivedDatagram();
  echoed: u64 = 0;
  failed: u64 = 0;

  constructor(socket: UdpSocket, clock: () => u64) {
    this.socket = socket;
    this.clock = clock;
  }

  /** Until the task is cancelled. What has come at once goes back at once. @blocks */
  run(): void {
    while (this.socket.receive(this.datagram, never) === Wake.Signal) {
      do this.sendBack();
      while (this.socket.port.fetch(this.datagram));
      this.socket.flush();
    }
    this.socket.close();
  }

  sendBack(): void {
    const sent = this.socket.send(this.datagram.from, this.datagram.frames, this.clock());
    if (sent.ok) this.echoed++;
    else this.failed++;
  }
}
