/** `test=xenstore-silence`: somebody stops xenstored meanwhile, and lets it go on. */
import { systemTime } from "../arch/x86-xen/system-time.ts";
import { connection } from "../drivers/xenbus/xenstore/client.ts";
import { XenstoreFault } from "../drivers/xenbus/xenstore/fault.ts";
import { Store, xenstore, type TransactionBody } from "../drivers/xenbus/xenstore/store.ts";
import * as log from "../lib/log.ts";
import { sleep } from "../sched/scheduler.ts";

const millisecond = 1000000;
/** More than a domain may have at once. */
const begun = 12;

/** Writes, and takes until after the deadline where it is told to. */
@struct
class Writing implements TransactionBody {
  duration: u64 = 0;

  /** @blocks */
  run(store: Store): Result<undefined, XenstoreFault> {
    if (this.duration > 0) sleep(this.duration);
    return store.write("data/t/a", "in a transaction");
  }
}

const writing = new Writing();

/** Asks every 100 ms until there was a silence and then an answer. @blocks */
export function exerciseSilence(): void {
  awaitSilence();
  abandonTransactions();
  log.info("xenstore: no answer until the deadline");
  while (!answersInTime()) sleep(100 * millisecond);
  while (connection.orphans.count > 0) sleep(10 * millisecond);
  for (let round: u32 = 0; round < begun; round++) overrun();
  while (connection.orphans.count > 0) sleep(10 * millisecond);
  const done = xenstore.transact(writing);
  assert(done.ok, "no transaction is left that nobody has");
  const room = new FixedArray<u8, 32>();
  const value = xenstore.read("data/t/a", room);
  assert(value.ok && value.value.equals("in a transaction".bytes()), "answers are those of their questions");
  assert(connection.strays > begun, "late answers are dropped");
  log.info("self-test xenstore-silence: success");
}

/** @blocks */
function answersInTime(): boolean {
  const store = new Store(0, systemTime() + 300 * millisecond);
  const done = store.readNumber("domid");
  assert(done.ok || done.error === XenstoreFault.TimedOut, "there is no other error");
  return done.ok;
}

/** @blocks */
function awaitSilence(): void {
  while (answersInTime()) sleep(100 * millisecond);
}

/** Nobody waits for these to begin. @blocks */
function abandonTransactions(): void {
  for (let round: u32 = 0; round < begun; round++) {
    const store = new Store(0, systemTime() + 10 * millisecond);
    const done = store.transact(writing);
    assert(
      !done.ok && done.error === XenstoreFault.TimedOut,
      "a transaction that does not begin is an error",
    );
  }
}

/** The deadline passes while a transaction is open. @blocks */
function overrun(): void {
  writing.duration = 20 * millisecond;
  const store = new Store(0, systemTime() + 10 * millisecond);
  const done = store.transact(writing);
  assert(!done.ok && done.error === XenstoreFault.TimedOut, "a deadline holds in transactions");
  writing.duration = 0;
}
