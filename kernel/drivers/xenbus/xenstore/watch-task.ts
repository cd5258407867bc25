/**
 * The task that tells watchers what has changed, has xenstored watch again when the connection has started anew, and ends
 * the transactions that nobody has.
 */
import * as log from "../../../lib/log.ts";
import { detach, spawn, waitIn, waitShielded, wakeAll } from "../../../sched/scheduler.ts";
import { Priority, TaskList, Wake, WakeSource, type Task, type TaskBody } from "../../../sched/task.ts";
import { currentTask } from "../../../sched/this-cpu.ts";
import { never } from "../../../sched/timer-heap.ts";
import { MessageType } from "../../../xen-abi/xs-wire.ts";
import { client, connection, watchesKnown } from "./client.ts";
import { Phase } from "./connection.ts";
import { describeXenstoreFault, XenstoreFault } from "./fault.ts";
import { commandWatch, endTransaction, resetWatches } from "./exchange.ts";
import type { Watch } from "./watch.ts";

@struct
export class WatchTask implements TaskBody {
  /** Whose target is being told, and by which task. */
  told: Watch | null = null;
  teller: Task | null = null;
  /** Who wants no call of a target to be under way. */
  readonly tellingEnds = new TaskList("xenstore, for a watcher", WakeSource.Tasks);
  /** The path of the event that is being told: `XENSTORE_ABS_PATH_MAX` bytes, more than any has. */
  readonly path = new FixedArray<u8, 3072>();

  /** @blocks */
  run(): void {
    this.teller = currentTask();
    for (;;) {
      if (connection.phase === Phase.Connected && !client.knowsWatches) this.setAgain();
      else if (connection.orphans.count > 0) this.endOrphan();
      else if (!connection.events.isEmpty()) this.tellOldest();
      else if (connection.areSomeBehind) this.tellThoseBehind();
      else waitIn(client.watchNews, never);
    }
  }

  /** Begins without any watch of an earlier kernel or connection, and sets all that there are. @blocks */
  setAgain(): void {
    const reset = resetWatches();
    if (!reset.ok && reset.error === XenstoreFault.Disconnected) return;
    let token: u32 = 0;
    for (
      let watch = connection.watches.after(token);
      watch !== null;
      watch = connection.watches.after(token)
    ) {
      token = watch.token;
      const path = watch.path;
      if (path === null) continue;
      const set = commandWatch(MessageType.Watch, path, token, never);
      if (set.ok) continue;
      if (set.error === XenstoreFault.Disconnected) return;
      log.warn(`xenstore: cannot watch ${text(path)} again: ${describeXenstoreFault(set.error)}`);
    }
    client.knowsWatches = true;
    wakeAll(watchesKnown);
  }

  /** @blocks */
  endOrphan(): void {
    const ended = endTransaction(connection.orphans.take(), false, never);
    if (!ended.ok) log.debug(`xenstore: a transaction had ended: ${describeXenstoreFault(ended.error)}`);
  }

  /** @blocks */
  tellOldest(): void {
    const path = connection.events.pop(this.path);
    const watch = connection.watches.find(connection.events.token);
    if (watch !== null) this.tell(watch, path);
  }

  /** What they missed is not known, so each is told its own path. @blocks */
  tellThoseBehind(): void {
    connection.areSomeBehind = false;
    let token: u32 = 0;
    for (
      let watch = connection.watches.after(token);
      watch !== null;
      watch = connection.watches.after(token)
    ) {
      token = watch.token;
      const path = watch.path;
      if (!watch.isBehind || path === null) continue;
      watch.isBehind = false;
      this.tell(watch, path);
    }
  }

  /** @blocks */
  tell(watch: Watch, path: Slice<u8>): void {
    this.told = watch;
    watch.target?.changed(path);
    this.told = null;
    wakeAll(this.tellingEnds);
  }

  /** Waits until the watch's target is not being told anything, unless it is the target that asks. @blocks */
  awaitEndOfTelling(watch: Watch): void {
    while (this.told === watch && this.teller !== currentTask()) waitShielded(this.tellingEnds, never);
  }
}

export const watchTask = new WatchTask();

export function startWatchTask(): Result<undefined> {
  const task = spawn("xenwatch", Priority.Driver, watchTask);
  if (!task.ok) return err(task.error);
  detach(task.value);
  return ok();
}
