/** Watches: what is told, what is not told any more, and that nothing is left of them. */
import { attachXenstore } from "../drivers/xenbus/xenstore/attach.ts";
import { connection } from "../drivers/xenbus/xenstore/client.ts";
import { describeXenstoreFault } from "../drivers/xenbus/xenstore/fault.ts";
import { xenstore } from "../drivers/xenbus/xenstore/store.ts";
import { Watch, type WatchTarget } from "../drivers/xenbus/xenstore/watch.ts";
import { startInfo } from "../arch/x86-xen/start-info.ts";
import { systemTime } from "../arch/x86-xen/system-time.ts";
import * as log from "../lib/log.ts";
import { sleep } from "../sched/scheduler.ts";
import { Semaphore } from "../sched/semaphore.ts";
import { Wake } from "../sched/task.ts";

const patience = 30000000000;
const millisecond = 1000000;

/** Remembers the last path it was told, and how many there were. */
@struct
class Listener implements WatchTarget {
  readonly watch = new Watch();
  readonly told = new Semaphore(0);
  readonly path = new FixedArray<u8, 64>();
  length: usize = 0;
  count: u64 = 0;
  /** It takes this long over each, in ns. */
  slowness: u64 = 0;
  /** It does not want to hear more after the first. */
  isShy: boolean = false;

  /** @blocks */
  changed(path: Slice<u8>): void {
    if (this.slowness > 0) sleep(this.slowness);
    this.path.copyFrom(path);
    this.length = path.length;
    this.count++;
    if (this.isShy) xenstore.unwatch(this.watch);
    this.told.give();
  }

  /** @blocks */
  hears(path: Slice<u8>): boolean {
    while (this.told.take(systemTime() + patience) === Wake.Signal) {
      if (this.path.slice(0, this.length).equals(path)) return true;
    }
    return false;
  }
}

const first = new Listener();
const second = new Listener();
const crowd = new FixedArray<Watch, 20>();
const crowdListener = new Listener();

/** @blocks */
export function exerciseWatches(): void {
  const others = connection.watches.count; // those that look for devices
  tellEach();
  endWhileTelling();
  endItself();
  watchInCrowds();
  setAgain();
  const special = xenstore.watch(first.watch, "@introduceDomain".bytes(), first);
  if (special.ok) xenstore.unwatch(first.watch);
  else log.info(`xenstore: a special watch: ${describeXenstoreFault(special.error)}`);
  assert(connection.watches.count === others, "every watch has gone");
}

/** @blocks */
function begin(listener: Listener, path: Slice<u8>): void {
  listener.count = 0;
  while (listener.told.tryTake()) listener.count = 0;
  const set = xenstore.watch(listener.watch, path, listener);
  assert(set.ok, "a watch is set");
  assert(listener.hears(path), "it is told at once");
}

/** @blocks */
function change(path: string): void {
  const written = xenstore.write(path, "x");
  assert(written.ok, "a node is written");
}

/** @blocks */
function tellEach(): void {
  begin(first, "data/t/w".bytes());
  begin(second, "data/t/w/deep".bytes());
  change("data/t/w/deep/node");
  assert(first.hears("data/t/w/deep/node".bytes()), "what lies below is told");
  assert(second.hears("data/t/w/deep/node".bytes()), "to everybody who watches");
  change("data/t/w/other");
  assert(first.hears("data/t/w/other".bytes()), "each change is told");
  const removed = xenstore.remove("data/t/w");
  assert(removed.ok && second.hears("data/t/w/deep".bytes()), "removing what is above is told");
  xenstore.unwatch(second.watch);
  const before = second.count;
  change("data/t/w/deep/node");
  assert(
    first.hears("data/t/w/deep/node".bytes()) && second.count === before,
    "who does not watch is not told",
  );
  xenstore.unwatch(first.watch);
  xenstore.unwatch(first.watch); // nothing happens
}

/** Events are on their way, and one is being told, when the watch ends. @blocks */
function endWhileTelling(): void {
  begin(first, "data/t/w".bytes());
  first.slowness = 20 * millisecond;
  for (let round: u32 = 0; round < 10; round++) change("data/t/w/a");
  xenstore.unwatch(first.watch);
  const told = first.count;
  sleep(100 * millisecond);
  assert(first.count === told, "when unwatch has returned nothing is told any more");
  first.slowness = 0;
}

/** @blocks */
function endItself(): void {
  first.isShy = true;
  first.count = 0;
  const set = xenstore.watch(first.watch, "data/t/w".bytes(), first);
  assert(set.ok && first.hears("data/t/w".bytes()), "it is told once");
  change("data/t/w/a");
  sleep(20 * millisecond);
  assert(first.count === 1 && !first.watch.isSet(), "a target can end its own watch");
  first.isShy = false;
}

/** @blocks */
function watchInCrowds(): void {
  for (const watch of crowd) {
    const set = xenstore.watch(watch, "data/t/c".bytes(), crowdListener);
    assert(set.ok, "a watch is set");
  }
  crowdListener.count = 0;
  change("data/t/c");
  const limit: u64 = systemTime() + patience;
  while (crowdListener.count < 20 && systemTime() < limit) sleep(millisecond);
  assert(crowdListener.count >= 20, "each of them is told");
  for (const watch of crowd) xenstore.unwatch(watch);
}

/** The connection starts anew, as after a restore. @blocks */
function setAgain(): void {
  begin(first, "data/t/w".bytes());
  attachXenstore(startInfo());
  assert(first.hears("data/t/w".bytes()), "a watch is set again, and told");
  change("data/t/w/a");
  assert(first.hears("data/t/w/a".bytes()), "and it works as before");
  xenstore.unwatch(first.watch);
}
