/** The task that does what the toolstack asks for: `xl shutdown`, `xl reboot`, `xl sysrq`. */
import { MaskedEvents } from "../../../arch/x86-xen/events.ts";
import * as log from "../../../lib/log.ts";
import { detach, spawn, waitIn, wakeAll } from "../../../sched/scheduler.ts";
import { Priority, TaskList, WakeSource, type TaskBody } from "../../../sched/task.ts";
import { never } from "../../../sched/timer-heap.ts";
import { describeXenstoreFault, XenstoreFault } from "../xenstore/fault.ts";
import { xenstore } from "../xenstore/store.ts";
import { Watch, type WatchTarget } from "../xenstore/watch.ts";
import { Request } from "./request.ts";
import { answerShutdown, refusedRequest } from "./shutdown-request.ts";
import { answerSysrq } from "./sysrq.ts";

/** What this guest does when it is asked to: nothing is announced that does not work. */
const features: FixedArray<string, 3> = ["feature-poweroff", "feature-reboot", "feature-sysrq"];

@struct
class Control implements TaskBody, WatchTarget {
  readonly shutdownWatch = new Watch();
  readonly sysrqWatch = new Watch();
  readonly shutdown = new Request("control/shutdown", refusedRequest);
  readonly sysrq = new Request("control/sysrq", "");
  hasNews: boolean = false;
  readonly news = new TaskList("control", WakeSource.Work);

  /** @blocks */
  run(): void {
    for (const feature of features) {
      const written = xenstore.write(`control/${feature}`, "1");
      if (written.ok || written.error === XenstoreFault.EACCES) continue; // xl makes no node for feature-sysrq
      if (this.fails(feature, written.error)) return;
    }
    const one = xenstore.watch(this.shutdownWatch, this.shutdown.node.bytes(), this);
    if (!one.ok && this.fails(this.shutdown.node, one.error)) return;
    const other = xenstore.watch(this.sysrqWatch, this.sysrq.node.bytes(), this);
    if (!other.ok && this.fails(this.sysrq.node, other.error)) return;
    for (;;) {
      this.awaitNews();
      if (this.isTaken(this.shutdown)) answerShutdown(this.shutdown.text());
      if (this.isTaken(this.sysrq) && this.sysrq.length > 0) answerSysrq(this.sysrq.text());
    }
  }

  /** In the task "xenwatch", which has other things to do. */
  changed(path: Slice<u8>): void {
    using masked = new MaskedEvents();
    this.hasNews = true;
    wakeAll(this.news);
  }

  /** @blocks */
  awaitNews(): void {
    using masked = new MaskedEvents();
    while (!this.hasNews) waitIn(this.news, never);
    this.hasNews = false;
  }

  /** @blocks */
  isTaken(request: Request): boolean {
    const taken = request.take();
    if (!taken.ok && taken.error !== XenstoreFault.ENOENT) this.fails(request.node, taken.error);
    return taken.ok;
  }

  /** Whether there is no xenstored at all; any other fault is reported. */
  fails(what: string, fault: XenstoreFault): boolean {
    if (fault === XenstoreFault.Absent) return true;
    log.warn(`control: ${what}: ${describeXenstoreFault(fault)}`);
    return false;
  }
}

const control = new Control();

/** Begins to listen to the toolstack, as soon as there is a xenstored. */
export function startControl(): void {
  const started = spawn("control", Priority.Service, control);
  if (started.ok) detach(started.value);
  else log.error(`control: ${started.error}`);
}
