/** `xl mem-set`: the task that makes the domain as large as `memory/target` says (KiB), in the p2m's frames. */
import { MaskedEvents } from "../../arch/x86-xen/events.ts";
import { systemTime } from "../../arch/x86-xen/system-time.ts";
import * as log from "../../lib/log.ts";
import { balloon } from "../../mm/balloon-memory.ts";
import { BalloonStop } from "../../mm/balloon.ts";
import { detach, spawn, waitIn, wakeAll, yieldNow } from "../../sched/scheduler.ts";
import { Priority, TaskList, WakeSource, type TaskBody } from "../../sched/task.ts";
import { never } from "../../sched/timer-heap.ts";
import { describeXenstoreFault, XenstoreFault } from "./xenstore/fault.ts";
import { xenstore } from "./xenstore/store.ts";
import { Watch, type WatchTarget } from "./xenstore/watch.ts";

const kibPerPage = 4;
const node = "memory/target";
/** How long it waits before it tries again to do what could not be done: memory may have been freed meanwhile. */
const pause = 5000000000;

@struct
export class BalloonTask implements TaskBody, WatchTarget {
  readonly watch = new Watch();
  /** Pages, as the toolstack wants them; 0 as long as it has said nothing. */
  target: u64 = 0;
  stop: BalloonStop = BalloonStop.Reached;
  hasNews: boolean = false;
  readonly news = new TaskList("balloon", WakeSource.Work);

  /** @blocks */
  run(): void {
    balloon.start();
    const watched = xenstore.watch(this.watch, node.bytes(), this);
    if (!watched.ok) {
      if (watched.error !== XenstoreFault.Absent)
        log.warn(`balloon: ${describeXenstoreFault(watched.error)}`);
      return;
    }
    for (;;) {
      this.awaitNews();
      if (this.target > 0) this.follow();
    }
  }

  /** In the task "xenwatch". @blocks */
  changed(path: Slice<u8>): void {
    using masked = new MaskedEvents();
    this.hasNews = true;
    wakeAll(this.news);
  }

  /** Waits for a new target, or to try the old one again. @blocks */
  awaitNews(): void {
    {
      using masked = new MaskedEvents();
      const deadline: u64 = systemTime() + pause;
      if (!this.hasNews) waitIn(this.news, this.stop === BalloonStop.Reached ? never : deadline);
      if (!this.hasNews) return;
      this.hasNews = false;
    }
    const target = xenstore.readNumber(`${node}`);
    if (target.ok) this.aim(target.value / kibPerPage);
    else if (target.error !== XenstoreFault.ENOENT)
      log.warn(`balloon: ${node}: ${describeXenstoreFault(target.error)}`);
  }

  aim(target: u64): void {
    if (target !== this.target) this.stop = BalloonStop.Reached; // what stands in its way is said once
    this.target = target;
  }

  /** Moves batch by batch, and lets others run in between. @blocks */
  follow(): void {
    const before = balloon.pages;
    let step = balloon.step(this.target);
    while (step.ok && !this.hasNews) {
      yieldNow();
      step = balloon.step(this.target);
    }
    if (balloon.pages !== before) log.info(`balloon: ${before} pages before, now ${balloon.pages}`);
    if (step.ok) return; // there is a new target
    if (step.error !== this.stop) this.report(step.error);
    this.stop = step.error;
  }

  report(stop: BalloonStop): void {
    if (stop !== BalloonStop.Reached)
      log.warn(`balloon: ${this.target} pages are wanted, ${balloon.pages} are there: ${describeStop(stop)}`);
  }
}

export function describeStop(stop: BalloonStop): string {
  switch (stop) {
    case BalloonStop.Reached:
      return "as wanted";
    case BalloonStop.Floor:
      return "the rest is in use, or kept for what comes";
    case BalloonStop.Ceiling:
      return "more than at the start is not possible";
    case BalloonStop.Refused:
      return "Xen gives no more";
  }
}

export const balloonTask = new BalloonTask();

/** Begins to follow the toolstack's wishes, as soon as there is a xenstored. */
export function startBalloon(): void {
  const started = spawn("balloon", Priority.Background, balloonTask);
  if (started.ok) detach(started.value);
  else log.error(`balloon: ${started.error}`);
}
