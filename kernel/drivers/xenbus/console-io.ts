/** The console of the first domain: Xen's own, byte by byte through a hypercall. */
import { earlyConsole } from "../../arch/x86-xen/early-console.ts";
import { bindTarget, MaskedEvents, type EventTarget } from "../../arch/x86-xen/events.ts";
import { readXenConsole } from "../../arch/x86-xen/hypercall/console.ts";
import { bindVirq } from "../../arch/x86-xen/hypercall/events.ts";
import type { Console } from "../../dev/console.ts";
import { waitIn, wakeAll } from "../../sched/scheduler.ts";
import { TaskList, WakeSource } from "../../sched/task.ts";
import { never } from "../../sched/timer-heap.ts";
import type { EventPort } from "../../xen-abi/event-channel.ts";
import { Virq } from "../../xen-abi/xen.ts";

@struct
export class XenConsole implements Console, EventTarget {
  /** Bytes have arrived since the last read, or somebody nudged. */
  hasNews: boolean = false;
  /** Whoever waits for input. */
  readonly news = new TaskList("console", WakeSource.Events);

  /** Has Xen wake the domain up when bytes arrive. Needs events. */
  listen(): Result<undefined> {
    const bound = bindVirq(Virq.Console, 0);
    if (!bound.ok) return err("Xen does not give its console's interrupt away");
    return bindTarget(bound.value, this);
  }

  /** @interrupt */
  rang(port: EventPort): void {
    this.nudge();
  }

  /** @interrupt */
  nudge(): void {
    this.hasNews = true;
    wakeAll(this.news);
  }

  write(bytes: Slice<u8>): void {
    earlyConsole.write(bytes);
  }

  /** Xen takes everything at once. @blocks */
  settle(): void {}

  read(into: Slice<u8>): usize {
    this.hasNews = false;
    const taken = readXenConsole(into);
    return taken.ok ? min<usize>(taken.value, into.length) : 0;
  }

  /** @blocks */
  wait(): void {
    using masked = new MaskedEvents();
    if (!this.hasNews) waitIn(this.news, never);
  }
}

export const xenConsole = new XenConsole();
