/** Setting watches, and taking them back. */
import { waitShielded } from "../../../sched/scheduler.ts";
import { Wake } from "../../../sched/task.ts";
import { MessageType } from "../../../xen-abi/xs-wire.ts";
import { client, connection, watchesKnown } from "./client.ts";
import { Phase } from "./connection.ts";
import { commandWatch } from "./exchange.ts";
import { XenstoreFault } from "./fault.ts";
import { watchTask } from "./watch-task.ts";
import type { Watch, WatchTarget } from "./watch.ts";

/** See `Store.watch`. @blocks */
export function setWatch(
  watch: Watch,
  path: Slice<u8>,
  target: WatchTarget,
  deadline: u64,
): Result<undefined, XenstoreFault> {
  assert(!watch.isSet(), "a watch is set once");
  const known = awaitWatches(deadline);
  if (!known.ok) return known;
  watch.path = path;
  watch.target = target;
  connection.watches.add(watch); // before xenstored knows, who reports at once
  const set = commandWatch(MessageType.Watch, path, watch.token, deadline);
  if (!set.ok) connection.watches.remove(watch);
  return set;
}

/** See `Store.unwatch`. @blocks */
export function unsetWatch(watch: Watch, deadline: u64): void {
  if (!watch.isSet()) return;
  const token = watch.token;
  connection.watches.remove(watch); // what is reported from here on is nobody's
  watchTask.awaitEndOfTelling(watch);
  const path = watch.path;
  assert(path !== null, "a watch that was set has a path");
  const gone = commandWatch(MessageType.Unwatch, path, token, deadline);
  if (!gone.ok) client.watchesLeft++;
}

/** Waits until xenstored knows of all watches that are set: only then are others set. @blocks */
function awaitWatches(deadline: u64): Result<undefined, XenstoreFault> {
  while (!client.knowsWatches) {
    if (connection.phase === Phase.Absent) return err(XenstoreFault.Absent);
    if (connection.phase === Phase.Broken) return err(XenstoreFault.Disconnected);
    if (waitShielded(watchesKnown, deadline) !== Wake.Signal) return err(XenstoreFault.TimedOut);
  }
  return ok();
}
