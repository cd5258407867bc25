/** Messages from tasks, or from handlers of events, to tasks, with room for `N` that nobody has taken yet. */
import { MaskedEvents } from "../arch/x86-xen/events.ts";
import { BoundedQueue } from "./bounded-queue.ts";
import { waitIn, wakeAll, wakeFirst } from "./scheduler.ts";
import { TaskList, Wake, WakeSource } from "./task.ts";

/** Why nothing was sent, or received. */
export const enum ChannelEnd {
  /** Nobody sends any more, and everything that was sent has been received. */
  Closed,
  TimedOut,
  Cancelled,
}

@struct
export class Channel<T, N extends number> {
  readonly queue = new BoundedQueue<T, N>();
  readonly senders = new TaskList("channel, to send", WakeSource.Tasks);
  readonly receivers = new TaskList("channel, to receive", WakeSource.Tasks);
  isClosed: boolean = false;

  /** Says that handlers of events send, or tasks on their behalf: whoever waits for a message is not stuck for good. */
  fedByEvents(): void {
    this.receivers.source = WakeSource.Events;
  }

  /** Sends where there is room. @interrupt */
  trySend(message: T): boolean {
    using masked = new MaskedEvents();
    if (this.isClosed || !this.queue.push(message)) return false;
    wakeFirst(this.receivers);
    return true;
  }

  /** Waits for room until `deadline`. @blocks */
  send(message: T, deadline: u64): Result<undefined, ChannelEnd> {
    using masked = new MaskedEvents();
    while (!this.trySend(message)) {
      if (this.isClosed) return err(ChannelEnd.Closed);
      const woken = waitIn(this.senders, deadline);
      if (woken !== Wake.Signal) return err(endOf(woken));
    }
    return ok();
  }

  /** Waits for a message until `deadline`. @blocks */
  receive(deadline: u64): Result<T, ChannelEnd> {
    using masked = new MaskedEvents();
    while (this.queue.isEmpty()) {
      if (this.isClosed) return err(ChannelEnd.Closed);
      const woken = waitIn(this.receivers, deadline);
      if (woken !== Wake.Signal) return err(endOf(woken));
    }
    const message = this.queue.pop();
    wakeFirst(this.senders);
    return ok(message);
  }

  /** Nothing is sent any more; what was sent can still be received. @interrupt */
  close(): void {
    using masked = new MaskedEvents();
    this.isClosed = true;
    wakeAll(this.receivers);
    wakeAll(this.senders);
  }
}

function endOf(woken: Wake): ChannelEnd {
  return woken === Wake.TimedOut ? ChannelEnd.TimedOut : ChannelEnd.Cancelled;
}
