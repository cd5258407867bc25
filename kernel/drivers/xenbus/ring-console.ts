/**
 * A console behind a ring and a port that both ends ring. What does not fit the ring waits in a backlog, which the back end's
 * event moves on: whoever writes does not wait for it. Tasks that have much to say wait in `settle`, each for itself.
 *
 * Only when the backlog is full as well does a write hold everything up, since a trap report has nobody to give way to; and
 * only until the back end has taken nothing for `patience`. What is then left is dropped and counted.
 */
import { MaskedEvents, type EventTarget } from "../../arch/x86-xen/events.ts";
import { sendEvent } from "../../arch/x86-xen/hypercall/events.ts";
import { pollUntil } from "../../arch/x86-xen/hypercall/sched.ts";
import { systemTime } from "../../arch/x86-xen/system-time.ts";
import type { Console } from "../../dev/console.ts";
import { ByteQueue } from "../../lib/byte-queue.ts";
import { indexOf } from "../../lib/bytes.ts";
import { format, type ByteSink } from "../../lib/format.ts";
import type { LogSink } from "../../lib/log.ts";
import { waitIn, wakeAll } from "../../sched/scheduler.ts";
import { TaskList, Wake, WakeSource } from "../../sched/task.ts";
import { never } from "../../sched/timer-heap.ts";
import { consoleOutBytes, type ConsoleInterface } from "../../xen-abi/console.ts";
import { noPort, type EventPort } from "../../xen-abi/event-channel.ts";
import { ConsoleRing } from "./console-ring.ts";

const lineFeed = 0x0a;
const second = 1000000000;
/** How long a back end may take nothing: above the pauses that xenconsoled makes of its own. */
const patience = 2 * second;
/** How long one sleep lasts at most: of the domain, whose port has most likely rung already, and of a task. */
const domainSleep = second / 1000;
const taskSleep = second;
/** Room for the line about lost bytes. */
const lossReportBytes = 160;

@struct
export class RingConsole implements LogSink, Console, EventTarget {
  readonly ring = new ConsoleRing();
  port: EventPort = noPort;
  /** What did not fit the ring. */
  readonly backlog = new ByteQueue<8192>();
  /** Whoever waits for input, and for the backlog to go. */
  readonly news = new TaskList("console", WakeSource.Events);
  readonly writers = new TaskList("console, to write", WakeSource.Events);
  /** The next wait for input is over before it begins. */
  isNudged: boolean = false;
  /** Bytes that nobody took in time. */
  lost: u64 = 0;
  /** The back end took nothing for `patience`; until it does, nothing waits for it. */
  isStalled: boolean = false;
  /** Not connected, or the back end wrote an index that cannot be: the ring is not used any more. */
  isBroken: boolean = true;

  /** Begins to talk. Whoever calls binds this to the port, as soon as events come. */
  connect(page: Shared<ConsoleInterface>, port: EventPort): void {
    this.ring.start(page);
    this.port = port;
    this.isBroken = false;
  }

  /** The page and the port are gone: nobody waits any more. */
  disconnect(): void {
    using masked = new MaskedEvents();
    this.isBroken = true;
    wakeAll(this.news);
    wakeAll(this.writers);
  }

  /** @interrupt */
  rang(port: EventPort): void {
    this.moveOn();
    if (this.backlog.length === 0 || this.isBroken) wakeAll(this.writers);
    wakeAll(this.news);
  }

  write(bytes: Slice<u8>): void {
    using masked = new MaskedEvents();
    if (this.isBroken) return;
    this.moveOn();
    if (this.lost > 0 && this.unread() <= consoleOutBytes - lossReportBytes) this.reportLoss();
    let rest = bytes;
    while (rest.length > 0) {
      const end = indexOf(rest, lineFeed);
      this.put(rest.slice(0, end));
      if (end === rest.length) break;
      this.put("\r\n".bytes()); // what is at the other end is a terminal
      rest = rest.slice(end + 1);
    }
    this.notify();
  }

  read(into: Slice<u8>): usize {
    if (this.isBroken) return 0;
    const taken = this.ring.receive(into);
    if (!taken.ok) {
      this.giveUp(taken.error);
      return 0;
    }
    if (taken.value > 0) this.notify(); // there is room again
    return taken.value;
  }

  /** @blocks */
  wait(): void {
    using masked = new MaskedEvents();
    if (!this.isNudged && !this.hasInput()) waitIn(this.news, never);
    this.isNudged = false;
  }

  hasInput(): boolean {
    if (this.isBroken) return false;
    const waiting = this.ring.waiting();
    return waiting.ok && waiting.value > 0;
  }

  /** @interrupt */
  nudge(): void {
    using masked = new MaskedEvents();
    this.isNudged = true;
    wakeAll(this.news);
  }

  /** @blocks */
  settle(): void {
    using masked = new MaskedEvents();
    for (;;) {
      this.moveOn();
      if (this.isBroken || this.backlog.length === 0) return;
      if (waitIn(this.writers, systemTime() + taskSleep) === Wake.Cancelled) return;
    }
  }

  drain(): void {
    using masked = new MaskedEvents();
    for (;;) {
      this.moveOn();
      if (this.isBroken || this.unread() === 0) return;
      if (!this.awaitReader()) return;
    }
  }

  /** Adds bytes to what is on its way, in their order. */
  put(bytes: Slice<u8>): void {
    let rest = bytes;
    if (this.backlog.length === 0) rest = rest.slice(this.send(rest));
    while (rest.length > 0) {
      rest = rest.slice(this.backlog.push(rest));
      if (rest.length === 0) return;
      if (!this.awaitReader()) {
        this.lost += rest.length;
        return;
      }
      this.moveOn();
    }
  }

  /** Moves as much of the backlog into the ring as there is room for. Events are masked. */
  moveOn(): void {
    if (this.isBroken || this.backlog.length === 0) return;
    let moved = false;
    while (this.backlog.length > 0) {
      const sent = this.send(this.backlog.front());
      if (sent === 0) break;
      this.backlog.drop(sent);
      moved = true;
    }
    if (moved) this.notify();
  }

  /** Puts what fits into the ring: how many bytes. */
  send(bytes: Slice<u8>): usize {
    const sent = this.ring.send(bytes);
    if (!sent.ok) {
      this.giveUp(sent.error);
      return bytes.length; // into nothing
    }
    if (sent.value > 0) this.isStalled = false;
    return sent.value;
  }

  unread(): u32 {
    const unread = this.ring.unread();
    if (unread.ok) return unread.value;
    this.giveUp(unread.error);
    return 0;
  }

  /** Holds everything up until the back end has taken something; false when its time is over. Events are masked. */
  awaitReader(): boolean {
    if (this.isStalled || this.isBroken) return false;
    this.notify();
    const before = this.unread();
    const deadline: u64 = systemTime() + patience;
    for (let now: u64 = systemTime(); now < deadline && !this.isBroken; now = systemTime()) {
      if (this.unread() < before) return true;
      pollUntil(now + domainSleep);
    }
    this.isStalled = true;
    return false;
  }

  /** The back end reads again: says how much it did not get. */
  reportLoss(): void {
    message.start();
    format(message, `\r\n[${this.lost} bytes were lost while nobody read the console]\r\n`);
    this.ring.overwrite(message.text());
    this.lost = 0;
  }

  /** Tells the back end that the indices have moved. */
  notify(): void {
    if (this.isBroken) return;
    const sent = sendEvent(this.port);
    if (!sent.ok) this.giveUp("Xen does not ring the port");
  }

  /** Stops using the ring, but says why in it: whatever the back end made of it, that can do no more harm. */
  giveUp(reason: string): void {
    this.isBroken = true;
    message.start();
    format(message, `\r\nerror: console: the ring is not used any more: ${reason}\r\n`);
    this.ring.overwrite(message.text());
  }
}

/** A line about the ring itself. */
@struct
class Message implements ByteSink {
  readonly bytes = new FixedArray<u8, 160>();
  length: usize = 0;

  start(): void {
    this.length = 0;
  }

  write(bytes: Slice<u8>): void {
    const count: usize = min<usize>(bytes.length, this.bytes.length - this.length);
    for (const byte of bytes.slice(0, count)) {
      this.bytes[this.length] = byte;
      this.length++;
    }
  }

  text(): Slice<u8> {
    return this.bytes.slice(0, this.length);
  }
}

const message = new Message();
