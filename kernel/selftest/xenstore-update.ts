/** `test=xenstore-update`: somebody puts another xenstored in the place of the one that runs, while many tasks ask it. */
import { connection } from "../drivers/xenbus/xenstore/client.ts";
import { Phase } from "../drivers/xenbus/xenstore/connection.ts";
import { xenstore } from "../drivers/xenbus/xenstore/store.ts";
import { Watch, type WatchTarget } from "../drivers/xenbus/xenstore/watch.ts";
import * as log from "../lib/log.ts";
import { member, exerciseCrowd } from "./xenstore-crowd.ts";

/** Ends it, when `data/t/stop` is there: so its watch outlives the xenstored that it was set with. */
@struct
class Stop implements WatchTarget {
  readonly watch = new Watch();

  /** @blocks */
  changed(path: Slice<u8>): void {
    const found = xenstore.exists("data/t/stop");
    assert(found.ok, "there is an answer");
    if (found.value) member.rounds = 0;
  }
}

const stop = new Stop();

/** @blocks */
export function exerciseUpdate(): void {
  member.rounds = 0xffffffffffffffff;
  const set = xenstore.watch(stop.watch, "data/t/stop".bytes(), stop);
  assert(set.ok, "a watch is set");
  log.info("xenstore: asking until data/t/stop is there");
  exerciseCrowd();
  xenstore.unwatch(stop.watch);
  assert(connection.phase === Phase.Connected && connection.restarts === 0, "the connection is the same");
  log.info(`xenstore: ${connection.answers} answers, ${connection.strays} strays`);
  log.info("self-test xenstore-update: success");
}
