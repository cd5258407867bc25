/**
 * `bench=net`: the services that dom0 loads with datagrams, under the numbers of RFC 862 to 864: echo, discard, and a source,
 * which sends as many datagrams as the one that comes asks for. It is dom0 who measures (tools/bench/net.ts).
 */
import { systemTime } from "../arch/x86-xen/system-time.ts";
import * as log from "../lib/log.ts";
import { parseNumber } from "../lib/bytes.ts";
import { CommandLine } from "../lib/command-line.ts";
import { panic } from "../lib/panic.ts";
import { FrameQueue } from "../dev/packet.ts";
import { describeFault } from "../net/network-layer.ts";
import { network, udp } from "../net/network.ts";
import { fillPayload, readPayload } from "../net/payload.ts";
import { UdpEcho } from "../net/udp-echo.ts";
import { ReceivedDatagram, type Endpoint } from "../net/udp-port.ts";
import { UdpSocket } from "../net/udp-socket.ts";
import { detach, sleepUntil, spawn } from "../sched/scheduler.ts";
import { Priority, Wake, type TaskBody } from "../sched/task.ts";
import { never } from "../sched/timer-heap.ts";

const echoPort = 7;
const discardPort = 9;
const sourcePort = 19;
/** The longest payload that a frame takes. */
const longestPayload = 1472;
/** Datagrams that are sent before the device is told. */
const batch = 16;

@struct
class Discard implements TaskBody {
  readonly socket = new UdpSocket(network, udp);
  readonly datagram = new ReceivedDatagram();
  received: u64 = 0;

  /** @blocks */
  run(): void {
    while (this.socket.receive(this.datagram, never) === Wake.Signal) {
      this.received++;
      this.socket.release(this.datagram.frames);
    }
  }
}

@struct
class Source implements TaskBody {
  readonly socket = new UdpSocket(network, udp);
  readonly datagram = new ReceivedDatagram();
  readonly payload = new FixedArray<u8, 1472>();
  readonly frames = new FrameQueue();

  /** @blocks */
  run(): void {
    while (this.socket.receive(this.datagram, never) === Wake.Signal) {
      const request = new FixedArray<u8, 32>();
      const length = readPayload(this.datagram.frames, 0, request);
      this.socket.release(this.datagram.frames);
      this.obey(request.slice(0, length));
    }
  }

  /** A request is `COUNT SIZE`. @blocks */
  obey(request: Slice<u8>): void {
    const words = new CommandLine(request);
    const count = nextNumber(words);
    const size = nextNumber(words);
    if (!count.ok || !size.ok || size.value > longestPayload) return;
    const payload = this.payload.slice(0, size.value);
    for (let sent: u64 = 0; sent < count.value; sent++) {
      this.send(this.datagram.from, payload);
      if (sent % batch === batch - 1) this.socket.flush();
    }
    this.socket.flush();
  }

  /** As soon as there is a buffer. @blocks */
  send(to: Endpoint, payload: Slice<u8>): void {
    const prepared = this.socket.prepareBy(to, payload.length as u32, this.frames, never);
    if (!prepared.ok) return log.warn(`bench: ${describeFault(prepared.error)}`);
    fillPayload(this.frames, 0, payload);
    const sent = this.socket.send(to, this.frames, systemTime());
    if (!sent.ok) log.warn("bench: a datagram was not sent");
  }
}

function nextNumber(words: CommandLine): Result<u64> {
  return words.next() ? parseNumber(words.key) : err("missing");
}

const echoSocket = new UdpSocket(network, udp);
const echo = new UdpEcho(echoSocket, systemTime);
const discard = new Discard();
const source = new Source();

/** Serves until the domain is destroyed. @allocates @blocks */
export function serveNet(): void {
  serve("bench-echo", echoSocket, echoPort, echo);
  serve("bench-discard", discard.socket, discardPort, discard);
  serve("bench-source", source.socket, sourcePort, source);
  log.info("bench: ready");
  sleepUntil(never);
}

/** @allocates */
function serve(name: string, socket: UdpSocket, port: u16, body: TaskBody): void {
  const opened = socket.open(port);
  if (!opened.ok) panic(`${name}: port ${port} is in use`);
  const started = spawn(name, Priority.Service, body);
  if (!started.ok) panic(`cannot start ${name}: ${started.error}`);
  detach(started.value);
}
