/** Sends echo requests for a task, one after the other, and waits for each answer. */
import { FrameQueue } from "../dev/packet.ts";
import { waitIn, wakeAll } from "../sched/scheduler.ts";
import { TaskList, Wake, WakeSource } from "../sched/task.ts";
import type { EchoListener, Icmp } from "./icmp.ts";
import { isSameAddress, type IpAddress } from "./ip-address.ts";
import { describeFault, type Failure } from "./network-layer.ts";
import type { NetworkStack } from "./network-stack.ts";
import { fillPayload } from "./payload.ts";

/** What became of a request: when its answer came, or why none did. */
export type PingResult = Result<u64>;

@struct
export class Pinger implements EchoListener {
  readonly stack: NetworkStack;
  readonly icmp: Icmp;
  readonly news = new TaskList("echo reply", WakeSource.Events);
  target: IpAddress = { high: 0, low: 0 };
  identifier: u16 = 0x786c;
  sequence: u16 = 0;
  /** When the answer to the present request came; 0 as long as none has. */
  answeredAt: u64 = 0;
  /** An error that came instead; empty as long as none has. */
  failure: string = "";

  constructor(stack: NetworkStack, icmp: Icmp) {
    this.stack = stack;
    this.icmp = icmp;
  }

  /** Sends a request with `length` bytes at `now`, and waits for its answer until `deadline`. @blocks */
  ping(to: IpAddress, length: u32, now: u64, deadline: u64): PingResult {
    this.target = to;
    this.sequence++;
    this.answeredAt = 0;
    this.failure = "";
    this.icmp.listener = this;
    const frames = new FrameQueue();
    const prepared = this.icmp.prepare(to, length, frames);
    if (!prepared.ok) return err(describeFault(prepared.error));
    fill(frames, length);
    const sent = this.icmp.request(to, this.identifier, this.sequence, frames, now);
    this.stack.flush();
    if (!sent.ok) return err(describeFault(sent.error));
    while (this.answeredAt === 0 && this.failure === "") {
      if (waitIn(this.news, deadline) !== Wake.Signal) return err("no answer");
    }
    return this.answeredAt !== 0 ? ok(this.answeredAt) : err(this.failure);
  }

  answered(from: IpAddress, identifier: u16, sequence: u16, length: u32, now: u64): void {
    if (!isSameAddress(from, this.target) || !this.isAbout(identifier, sequence)) return;
    this.answeredAt = now;
    wakeAll(this.news);
  }

  failed(failure: Failure, identifier: u16, sequence: u16): void {
    if (!isSameAddress(failure.destination, this.target) || !this.isAbout(identifier, sequence)) return;
    this.failure = failure.what;
    wakeAll(this.news);
  }

  isAbout(identifier: u16, sequence: u16): boolean {
    return identifier === this.identifier && sequence === this.sequence;
  }
}

/** The bytes that everybody's ping sends. */
function fill(frames: FrameQueue, length: u32): void {
  const part = new FixedArray<u8, 256>();
  for (let value: u32 = 0; value < 256; value++) part[value] = value as u8;
  for (let at: usize = 0; at < length; at += part.length) {
    fillPayload(frames, at, part.slice(0, min<usize>(part.length, length - at)));
  }
}
