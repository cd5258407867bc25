/** The event channel between a device and its back end. */
import { bindTarget, closePort, type EventTarget } from "../../../arch/x86-xen/events.ts";
import { allocateUnbound, sendEvent } from "../../../arch/x86-xen/hypercall/events.ts";
import { EventTask, type EventWork } from "../../../sched/event-task.ts";
import { cancel, join } from "../../../sched/scheduler.ts";
import { Wake, type Task } from "../../../sched/task.ts";
import { never } from "../../../sched/timer-heap.ts";
import { describeErrno } from "../../../xen-abi/errno.ts";
import { noPort, type EventPort } from "../../../xen-abi/event-channel.ts";
import type { Refusal } from "./front-driver.ts";
import type { FrontEnd } from "./front-end.ts";
import { Undo, type Resource } from "./undo-list.ts";

@struct
export class DevicePort implements Resource {
  readonly undo = new Undo();
  port: EventPort = noPort;
  /** Where a task of the port's own does the work. */
  readonly events = new EventTask(null);
  task: Task | null = null;

  /**
   * Takes a port that the back end may bind to, until the connection ends. `target` is told when it rings: an interrupt
   * handler, in which nothing may wait. @blocks
   */
  open(front: FrontEnd, target: EventTarget): Result<undefined, Refusal> {
    const opened = this.allocate(front);
    if (!opened.ok) return opened;
    const bound = bindTarget(this.port, target);
    return bound.ok ? ok() : err(front.refuse(`no event channel: ${bound.error}`));
  }

  /** The same, with a task, called `name`, in which `work` is done after it has rung. @blocks */
  openServed(front: FrontEnd, name: string, work: EventWork): Result<undefined, Refusal> {
    const opened = this.allocate(front);
    if (!opened.ok) return opened;
    this.events.work = work;
    const task = this.events.start(name, this.port);
    if (!task.ok) return err(front.refuse(`no task for its event channel: ${task.error}`));
    this.task = task.value;
    return ok();
  }

  /** @blocks */
  allocate(front: FrontEnd): Result<undefined, Refusal> {
    const made = allocateUnbound(front.backEnd.domain);
    if (!made.ok) return err(front.refuse(`no event channel: ${describeErrno(made.error)}`));
    this.port = made.value;
    front.acquired.add(this.undo, this);
    return ok();
  }

  /** Makes a round of the port's task, as if the back end had rung. */
  wake(): void {
    this.events.rang(this.port);
  }

  /** Rings the back end; false where it has gone, and cannot hear it. */
  ring(): boolean {
    const sent = sendEvent(this.port);
    return sent.ok;
  }

  /** @blocks */
  giveBack(): void {
    const task = this.task;
    if (task !== null) {
      cancel(task);
      const ended = join(task, never);
      assert(ended === Wake.Signal, "a port's task ends when it is asked");
      this.task = null;
    }
    const closed = closePort(this.port);
    assert(closed.ok, "a port of ours can be closed");
    this.port = noPort;
  }
}
