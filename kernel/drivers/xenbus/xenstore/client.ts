/** Tasks that talk to xenstored: each waits for its own answers, one sends at a time, and a task of ours serves the rings. */
import { bindTarget, unbindTarget } from "../../../arch/x86-xen/events.ts";
import { sendEvent } from "../../../arch/x86-xen/hypercall/events.ts";
import { systemTime } from "../../../arch/x86-xen/system-time.ts";
import * as log from "../../../lib/log.ts";
import { EventTask, type EventWork } from "../../../sched/event-task.ts";
import { detach, waitShielded, wakeAll, wakeFirst } from "../../../sched/scheduler.ts";
import { TaskList, Wake, WakeSource } from "../../../sched/task.ts";
import type { EventPort } from "../../../xen-abi/event-channel.ts";
import type { StoreInterface } from "../../../xen-abi/xs-wire.ts";
import { Connection, Phase, type ConnectionUser } from "./connection.ts";
import { XenstoreFault } from "./fault.ts";
import type { OutgoingMessage } from "./message.ts";
import { Request } from "./request.ts";

/** Nanoseconds after which the log says that an answer is missing. */
const patience = 5000000000;

@struct
export class Client implements EventWork, ConnectionUser {
  /** Somebody puts the outgoing message together, or not all of it has been sent. */
  isMessageTaken: boolean = false;
  /** Who wants to send: the message goes from hand to hand, so that nobody is overtaken. */
  readonly senders = new TaskList("xenstore, to send", WakeSource.Events);
  /** The task that sees to watches waits here. */
  readonly watchNews = new TaskList("xenstore, for watches", WakeSource.Work);
  /** Watches that xenstored did not take back: it goes on reporting them, which costs time and nothing else. */
  watchesLeft: u64 = 0;
  /** xenstored knows every watch that is set. */
  knowsWatches: boolean = false;
  /** Since when xenstored has been silent, as the log has said; 0 where it is not. */
  silentSince: u64 = 0;

  /**
   * Makes room for a message and begins it: the caller puts it together (`client.message()`) and calls `exchange`, without
   * waiting in between. @blocks
   */
  begin(request: Request, transaction: u32, deadline: u64): Result<undefined, XenstoreFault> {
    if (connection.phase === Phase.Absent) return err(XenstoreFault.Absent);
    if (!this.takeMessage(deadline)) return err(XenstoreFault.TimedOut);
    if (connection.phase !== Phase.Connected) {
      this.messageGone();
      return err(XenstoreFault.Disconnected);
    }
    connection.outgoing.begin(request.type, transaction);
    return ok();
  }

  message(): OutgoingMessage {
    return connection.outgoing;
  }

  /** Sends the message and waits for the answer, which `request` then has: its length. @blocks */
  exchange(request: Request, deadline: u64): Result<usize, XenstoreFault> {
    const judged = connection.outgoing.judge();
    if (!judged.ok) {
      this.messageGone();
      return err(judged.error);
    }
    const inFlight = connection.requests.add(request);
    connection.outgoing.finish(inFlight.id);
    connection.send();
    this.awaitAnswer(inFlight, deadline);
    return inFlight.hasFailed ? err(inFlight.fault) : ok(inFlight.length);
  }

  /** Not even a task that is asked to end gives up here: what it asks is often how it tidies up. @blocks */
  awaitAnswer(request: Request, deadline: u64): void {
    let limit: u64 = systemTime() + patience;
    while (!request.isDone) {
      const woken = waitShielded(request.waiter, min<u64>(deadline, limit));
      if (woken !== Wake.TimedOut || request.isDone) continue;
      if (limit >= deadline) {
        connection.requests.take(request.id);
        request.fail(XenstoreFault.TimedOut);
        return;
      }
      this.saySilence(limit - patience);
      limit = deadline;
    }
  }

  /** @blocks */
  takeMessage(deadline: u64): boolean {
    if (this.isMessageTaken) return waitShielded(this.senders, deadline) === Wake.Signal;
    this.isMessageTaken = true;
    return true;
  }

  saySilence(since: u64): void {
    if (this.silentSince !== 0) return;
    this.silentSince = since;
    log.warn(`xenstore: no answer for ${patience / 1000000000} s; whoever asked goes on waiting`);
  }

  /** The event channel rang. */
  serve(): void {
    connection.serve();
  }

  answered(request: Request): void {
    wakeAll(request.waiter);
    if (this.silentSince === 0) return;
    log.info(`xenstore: answers again, after ${(systemTime() - this.silentSince) / 1000000} ms`);
    this.silentSince = 0;
  }

  messageGone(): void {
    if (!wakeFirst(this.senders)) this.isMessageTaken = false;
  }

  reported(): void {
    wakeAll(this.watchNews);
  }

  restarted(): void {
    log.info("xenstore: the connection has started anew");
    wakeAll(this.watchNews);
  }

  broke(): void {
    this.knowsWatches = false;
    wakeAll(watchesKnown);
  }

  notify(): void {
    const sent = sendEvent(eventTask.port);
    if (!sent.ok) log.error("xenstore: Xen does not ring the port");
  }
}

export const client = new Client();
export const connection = new Connection(client);
/** Who wants to set a watch, while xenstored does not know those that are set. */
export const watchesKnown = new TaskList("xenstore, until watches are set again", WakeSource.Events);
const eventTask = new EventTask(client);

/** Begins to talk through the rings in `page`, and to listen to `port`. Whatever was asked before gets no answer. */
export function startClient(page: Shared<StoreInterface>, port: EventPort): Result<undefined> {
  const isFirstTime = connection.phase === Phase.Absent;
  connection.abandonAll();
  client.knowsWatches = false;
  connection.start(page);
  wakeAll(client.watchNews); // watches are set again
  if (!isFirstTime) return listenAnew(port);
  const task = eventTask.start("xenstore", port);
  if (!task.ok) return err(task.error);
  detach(task.value);
  return ok();
}

/** After a restore the port is another one. */
function listenAnew(port: EventPort): Result<undefined> {
  unbindTarget(eventTask.port);
  eventTask.port = port;
  return bindTarget(port, eventTask);
}
