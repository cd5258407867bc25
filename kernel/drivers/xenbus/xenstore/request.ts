/** Requests that were sent and not answered yet. */
import { addressOf, structAt } from "xenlet:unsafe";
import { TaskList, WakeSource } from "../../../sched/task.ts";
import type { MessageType } from "../../../xen-abi/xs-wire.ts";
import { XenstoreFault } from "./fault.ts";

/** Lies in the frame of whoever asks, who takes it out of the list before that frame ends. */
@struct
export class Request {
  readonly type: MessageType;
  /** Where the answer goes. */
  readonly into: Slice<u8>;
  /** What xenstored puts into its answer. */
  id: u32 = 0;
  /** The answer is there: its length, or why there is none. */
  isDone: boolean = false;
  length: usize = 0;
  hasFailed: boolean = false;
  fault: XenstoreFault = XenstoreFault.EINVAL;
  /** The one task that waits for it. */
  readonly waiter = new TaskList("xenstore", WakeSource.Events);
  next: Request | null = null;

  constructor(type: MessageType, into: Slice<u8>) {
    this.type = type;
    this.into = into;
  }

  succeed(answer: Slice<u8>): void {
    if (answer.length > this.into.length) {
      this.fail(XenstoreFault.AnswerTooLong);
      return;
    }
    this.into.copyFrom(answer);
    this.length = answer.length;
    this.isDone = true;
  }

  fail(fault: XenstoreFault): void {
    this.fault = fault;
    this.hasFailed = true;
    this.isDone = true;
  }
}

@struct
export class Requests {
  first: Request | null = null;
  count: u64 = 0;
  /** The number of the newest request; 0 is that of watch events. */
  lastId: u32 = 0;

  /**
   * Gives `request` its number. What comes back is the same request as a list can hold it: it is in the list no more, and
   * nothing else refers to it, when the frame ends that it lies in.
   */
  add(request: Request): Request {
    const inFlight = structAt<Request>(addressOf(request));
    this.lastId++;
    if (this.lastId === 0) this.lastId = 1;
    inFlight.id = this.lastId;
    inFlight.next = this.first;
    this.first = inFlight;
    this.count++;
    return inFlight;
  }

  /** Takes the request with this number out; null where there is none: its answer comes too late, or was not asked for. */
  take(id: u32): Request | null {
    let before: Request | null = null;
    for (let request = this.first; request !== null; request = request.next) {
      if (request.id === id) {
        if (before === null) this.first = request.next;
        else before.next = request.next;
        this.count--;
        return request;
      }
      before = request;
    }
    return null;
  }
}
