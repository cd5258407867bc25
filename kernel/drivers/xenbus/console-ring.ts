/** The paravirtual console: a page with two byte rings, and a port that both ends ring (xen/io/console.h). */
import { sharedAt, symbolAddress } from "xenlet:unsafe";
import { bindTarget, clearPending, MaskedEvents, type EventTarget } from "../../arch/x86-xen/events.ts";
import { sendEvent } from "../../arch/x86-xen/hypercall/events.ts";
import { updateVaMapping } from "../../arch/x86-xen/hypercall/mmu.ts";
import { pollUntil } from "../../arch/x86-xen/hypercall/sched.ts";
import { pageEntry, writable } from "../../arch/x86-xen/page-entry.ts";
import { systemTime } from "../../arch/x86-xen/system-time.ts";
import type { Console } from "../../dev/console.ts";
import { indexOf } from "../../lib/bytes.ts";
import { format, type ByteSink } from "../../lib/format.ts";
import * as log from "../../lib/log.ts";
import { waitIn, wakeAll } from "../../sched/scheduler.ts";
import { TaskList, WakeSource } from "../../sched/task.ts";
import { never } from "../../sched/timer-heap.ts";
import { toVirtAddr, type Mfn } from "../../xen-abi/addresses.ts";
import { consoleInBytes, consoleOutBytes, type ConsoleInterface } from "../../xen-abi/console.ts";
import { noPort, type EventPort } from "../../xen-abi/event-channel.ts";
import { FlushMode } from "../../xen-abi/xen.ts";
import { bytesWaiting, placeInRing, unbrokenBytes } from "./byte-ring.ts";

const lineFeed = 0x0a;
/** How long a back end may take nothing before what is left is dropped: above the pauses that xenconsoled makes of its own. */
const patience = 2000000000;
/** How long one sleep lasts at most, in case a back end consumes without ringing. */
const oneSleep = 20000000;
/** Room for the line about lost bytes. */
const lossReportBytes = 100;

/** Puts what is formatted into the ring, whether or not there is room. */
@struct
class Overwriting implements ByteSink {
  write(bytes: Slice<u8>): void {
    consoleRing.copyIn(bytes);
  }
}

const overwriting = new Overwriting();

@struct
export class ConsoleRing implements log.LogSink, Console, EventTarget {
  port: EventPort = noPort;
  /** Whoever waits for input. */
  readonly news = new TaskList("console", WakeSource.Events);
  /** Our own indices. What stands in the shared page is for the peer, who may overwrite it, and is never read back. */
  produced: u32 = 0;
  consumed: u32 = 0;
  /** Bytes that nobody took in time. */
  lost: u64 = 0;
  /** The back end did not take anything for `patience`; until it does, nothing waits for it. */
  stalled: boolean = false;
  /** Not attached, or the back end wrote an index that cannot be: the ring is not used any more. */
  broken: boolean = true;

  /** Maps the ring and starts where the page says that both ends are. */
  attach(frame: Mfn, port: EventPort): Result<undefined> {
    const window = toVirtAddr(symbolAddress("console_ring_page"));
    const mapped = updateVaMapping(window, pageEntry(frame, writable), FlushMode.OnePage);
    if (!mapped.ok) return err("Xen does not map the console's frame");
    this.port = port;
    this.produced = ring().outProd.load("relaxed");
    this.consumed = ring().inCons.load("relaxed");
    this.broken = false;
    return ok();
  }

  /** Has the domain woken up when the back end rings. Needs events. */
  listen(): Result<undefined> {
    return bindTarget(this.port, this);
  }

  /** @interrupt */
  rang(port: EventPort): void {
    wakeAll(this.news);
  }

  write(bytes: Slice<u8>): void {
    using masked = new MaskedEvents();
    if (this.lost > 0 && this.room() >= lossReportBytes) this.reportLoss();
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
    if (this.broken) return 0;
    const waiting = bytesWaiting(ring().inProd.load("acquire"), this.consumed, consoleInBytes);
    if (!waiting.ok) {
      this.giveUp(waiting.error);
      return 0;
    }
    const count: usize = min<usize>(waiting.value, into.length);
    let done: usize = 0;
    while (done < count) {
      const piece: usize = unbrokenBytes(this.consumed, (count - done) as u32, consoleInBytes);
      ring().input.copyTo(into.slice(done, done + piece), placeInRing(this.consumed, consoleInBytes));
      this.consumed += piece as u32;
      done += piece;
    }
    if (count > 0) {
      ring().inCons.store(this.consumed, "release");
      this.notify();
    }
    return count;
  }

  /** @blocks */
  wait(): void {
    using masked = new MaskedEvents();
    if (this.broken || ring().inProd.load("acquire") === this.consumed) waitIn(this.news, never);
  }

  drain(): void {
    using masked = new MaskedEvents();
    this.awaitRoom(consoleOutBytes);
  }

  /** Puts bytes into the ring, in as many pieces as the back end makes room for. */
  put(bytes: Slice<u8>): void {
    let done: usize = 0;
    while (done < bytes.length) {
      const room = this.awaitRoom(1);
      if (room === 0) {
        this.lost += bytes.length - done;
        return;
      }
      const end: usize = min<usize>(bytes.length, done + room);
      this.copyIn(bytes.slice(done, end));
      done = end;
    }
  }

  /** Copies bytes that fit, and says so: the bytes first, then the news of them. */
  copyIn(bytes: Slice<u8>): void {
    let done: usize = 0;
    while (done < bytes.length) {
      const piece: usize = unbrokenBytes(this.produced, (bytes.length - done) as u32, consoleOutBytes);
      ring().output.copyFrom(bytes.slice(done, done + piece), placeInRing(this.produced, consoleOutBytes));
      this.produced += piece as u32;
      done += piece;
    }
    ring().outProd.store(this.produced, "release");
  }

  /** Waits until `least` bytes fit, and says how many do: 0 when the back end's time is over. Upcalls must be masked. */
  awaitRoom(least: u32): u32 {
    let room = this.room();
    if (room >= least) return room;
    if (this.stalled || this.broken) return 0;
    this.notify();
    const deadline: u64 = systemTime() + patience;
    for (let now: u64 = systemTime(); now < deadline && !this.broken; now = systemTime()) {
      clearPending(this.port);
      room = this.room(); // looked at after clearing, so a ring in between is not missed
      if (room >= least) return room;
      pollUntil(this.port, now + oneSleep);
    }
    this.stalled = true;
    return 0;
  }

  /** Bytes that can be written now. The back end's index is read once, and a lie ends the ring. */
  room(): u32 {
    if (this.broken) return 0;
    const unread = bytesWaiting(this.produced, ring().outCons.load("acquire"), consoleOutBytes);
    if (!unread.ok) {
      this.giveUp(unread.error);
      return 0;
    }
    const room: u32 = consoleOutBytes - unread.value;
    if (room > 0) this.stalled = false;
    return room;
  }

  /** The back end reads again: says how much it did not get. */
  reportLoss(): void {
    format(overwriting, `\r\n[${this.lost} bytes were lost while nobody read the console]\r\n`);
    this.lost = 0;
  }

  /** Tells the back end that the indices have moved. */
  notify(): void {
    if (this.broken) return;
    const sent = sendEvent(this.port);
    if (!sent.ok) this.giveUp("Xen does not ring the port");
  }

  /** Stops using the ring, but says why in it: whatever the back end made of it, that can do no more harm. */
  giveUp(reason: string): void {
    format(overwriting, `\r\nerror: console: the ring is not used any more: ${reason}\r\n`);
    this.broken = true;
  }
}

export const consoleRing = new ConsoleRing();

/** The shared page. */
function ring(): Shared<ConsoleInterface> {
  return sharedAt<ConsoleInterface>(symbolAddress("console_ring_page"));
}
