/** `test=xenstore`: everything that a guest can ask of xenstored, below its own node `data`. A broken promise is a panic. */
import { startInfo } from "../arch/x86-xen/start-info.ts";
import { systemTime } from "../arch/x86-xen/system-time.ts";
import { attachXenstore } from "../drivers/xenbus/xenstore/attach.ts";
import { client, connection } from "../drivers/xenbus/xenstore/client.ts";
import { describeXenstoreFault, XenstoreFault } from "../drivers/xenbus/xenstore/fault.ts";
import { Names } from "../drivers/xenbus/xenstore/names.ts";
import { Access, Permission } from "../drivers/xenbus/xenstore/permission.ts";
import { Store, xenstore, type TransactionBody } from "../drivers/xenbus/xenstore/store.ts";
import * as log from "../lib/log.ts";
import { sleep } from "../sched/scheduler.ts";
import { domIdZero } from "../xen-abi/domain.ts";
import { exerciseCrowd } from "./xenstore-crowd.ts";
import { exerciseWatches } from "./xenstore-watches.ts";

/** Nanoseconds that an answer may take where there is nothing else to do. */
const soon = 30000000000;
const room = new FixedArray<u8, 4096>();
const bytes = new FixedArray<u8, 4200>();
const permissions = new FixedArray<Permission, 4>();

/** Runs in a task. @blocks */
export function exerciseXenstore(): void {
  keepValues();
  keepLimits();
  nameErrors();
  listChildren();
  keepPermissions();
  transact();
  exerciseWatches();
  exerciseCrowd();
  startAnew();
  measure();
  must("tidy up", xenstore.remove("data/t"));
  assert(connection.requests.count === 0, "nothing is asked any more");
  log.info(
    `xenstore: ${connection.answers} answers, ${connection.reports} events, ${connection.strays} strays`,
  );
  log.info("self-test xenstore: success");
}

function must(what: string, done: Result<undefined, XenstoreFault>): void {
  if (done.ok) return;
  log.error(`cannot ${what}: ${describeXenstoreFault(done.error)}`);
  assert(false, "xenstored does what it is asked");
}

/** The fault that must have come. */
function faultOf(done: Result<undefined, XenstoreFault>): XenstoreFault {
  assert(!done.ok, "this must not succeed");
  return done.error;
}

/** @blocks */
function valueOf(path: Template): Slice<u8> {
  const value = xenstore.read(path, room);
  assert(value.ok, "there is a value");
  return value.value;
}

/** @blocks */
function keepValues(): void {
  must("write", xenstore.write("data/t/a", "one"));
  assert(valueOf("data/t/a").equals("one".bytes()), "what was written is read");
  must("replace", xenstore.write("data/t/a", `${4096 as u32}`));
  const number = xenstore.readNumber("data/t/a");
  assert(number.ok && number.value === 4096, "a number is read");
  must("write nothing", xenstore.write("data/t/a", ""));
  assert(valueOf("data/t/a").length === 0, "an empty value is one");
  const none = xenstore.readNumber("data/t/a");
  assert(!none.ok && none.error === XenstoreFault.NotANumber, "nothing is not a number");
  for (let byte: usize = 0; byte < 256; byte++) bytes[byte] = byte as u8;
  must("write any bytes", xenstore.write("data/t/a", `${text(bytes.slice(0, 256))}`));
  assert(valueOf("data/t/a").equals(bytes.slice(0, 256)), "a value can have any bytes");
  const narrow = xenstore.read("data/t/a", room.slice(0, 255));
  assert(!narrow.ok && narrow.error === XenstoreFault.AnswerTooLong, "a value that is too long is an error");
  const there = xenstore.exists("data/t/a");
  const missing = xenstore.exists("data/t/none");
  assert(there.ok && there.value && missing.ok && !missing.value, "what exists is told from what does not");
  must("make a directory", xenstore.makeDirectory("data/t/d/e"));
  must("make it again", xenstore.makeDirectory("data/t/d/e"));
  assert(valueOf("data/t/d/e").length === 0, "a directory has an empty value");
  must("remove with all below", xenstore.remove("data/t/d"));
  assert(faultOf(xenstore.remove("data/t/d/e")) === XenstoreFault.ENOENT, "what is not there is not removed");
}

/** @blocks */
function keepLimits(): void {
  bytes.fill(0x78);
  must("write 1900 bytes, more than the ring", xenstore.write("data/t/a", `${text(bytes.slice(0, 1900))}`));
  assert(valueOf("data/t/a").equals(bytes.slice(0, 1900)), "a value is longer than the ring");
  // "data/t/a" and its zero are 9 bytes. Whether xenstored keeps so much is a question of its quota.
  const whole = xenstore.write("data/t/a", `${text(bytes.slice(0, 4087))}`);
  if (whole.ok) assert(valueOf("data/t/a").length === 4087, "what was kept is read");
  else log.info(`xenstore: 4096 bytes of payload: ${describeXenstoreFault(whole.error)}`);
  const over = faultOf(xenstore.write("data/t/a", `${text(bytes.slice(0, 4088))}`));
  assert(over === XenstoreFault.RequestTooLong, "one byte more is not sent");
  must("go on", xenstore.write("data/t/a", "short"));
  const longest = xenstore.makeDirectory(`${text(bytes.slice(0, 2048))}`);
  log.info(`xenstore: a path of 2048 bytes: ${longest.ok ? "taken" : describeXenstoreFault(longest.error)}`);
  const longer = xenstore.read(`${text(bytes.slice(0, 2049))}`, room);
  assert(!longer.ok && longer.error === XenstoreFault.PathTooLong, "a longer path is not sent");
}

/** @blocks */
function nameErrors(): void {
  const missing = xenstore.read("data/t/none", room);
  assert(!missing.ok && missing.error === XenstoreFault.ENOENT, "ENOENT");
  assert(faultOf(xenstore.write("/tool/xenlet", "x")) === XenstoreFault.EACCES, "EACCES");
  assert(faultOf(xenstore.write("data//t", "x")) === XenstoreFault.BadPath, "a bad path is not sent");
  const impatient = new Store(0, systemTime());
  const done = impatient.read("data/t/a", room);
  assert(done.ok || done.error === XenstoreFault.TimedOut, "a deadline that has passed is one");
  must("go on after it", xenstore.write("data/t/a", "b"));
}

/** @blocks */
function listChildren(): void {
  must("make a directory", xenstore.makeDirectory("data/t/l"));
  const empty = xenstore.directory("data/t/l", room);
  assert(empty.ok && empty.value.length === 0, "an empty directory has no names");
  // A guest's node may have 2048 bytes, its list of children included: longer ones are made by test/qemu/xenstore.test.ts.
  for (let child: u32 = 0; child < 50; child++)
    must("make a child", xenstore.makeDirectory(`data/t/l/a-child-with-a-long-name-${1000 + child}`));
  const list = xenstore.directory("data/t/l", room);
  assert(list.ok && countNames(list.value) === 50, "a list is complete");
  const narrow = xenstore.directory("data/t/l", room.slice(0, 1499));
  assert(!narrow.ok && narrow.error === XenstoreFault.AnswerTooLong, "a list that does not fit is an error");
  must("remove them", xenstore.remove("data/t/l"));
}

function countNames(list: Slice<u8>): u32 {
  const names = new Names(list);
  let count: u32 = 0;
  while (names.next()) {
    assert(names.name.length === 29, "each name is whole");
    count++;
  }
  return count;
}

/** @blocks */
function keepPermissions(): void {
  must("write", xenstore.write("data/t/p", "x"));
  const found = xenstore.permissions("data/t/p", permissions);
  assert(found.ok && found.value >= 1, "a node has permissions");
  permissions[1].access = Access.Read;
  permissions[1].domain = domIdZero;
  const owner = permissions[0].domain;
  must("set permissions", xenstore.setPermissions("data/t/p", permissions.slice(0, 2)));
  const again = xenstore.permissions("data/t/p", permissions);
  assert(again.ok && again.value === 2, "there are as many as were set");
  assert(permissions[0].domain === owner && permissions[1].access === Access.Read, "they are those");
  const narrow = xenstore.permissions("data/t/p", permissions.slice(0, 1));
  assert(!narrow.ok && narrow.error === XenstoreFault.AnswerTooLong, "a list that does not fit is an error");
}

/** Counts up, and is disturbed by somebody as often as it says. */
@struct
class Counting implements TransactionBody {
  disturbances: u64 = 0;
  attempts: u64 = 0;
  gives: XenstoreFault = XenstoreFault.EAGAIN;
  fails: boolean = false;

  /** @blocks */
  run(store: Store): Result<undefined, XenstoreFault> {
    this.attempts++;
    const before = store.readNumber("data/t/n");
    if (!before.ok) return err(before.error);
    if (this.attempts <= this.disturbances)
      must("disturb", xenstore.write("data/t/n", `${100 * this.attempts}`));
    const written = store.write("data/t/n", `${before.value + 1}`);
    if (!written.ok) return written;
    return this.fails ? err(XenstoreFault.EINVAL) : ok();
  }
}

const counting = new Counting();

/** @blocks */
function transact(): void {
  must("write", xenstore.write("data/t/n", "1"));
  must("count", count(0, false));
  assert(hasTried(1) && isNumber(2), "a transaction happens");
  assert(faultOf(count(0, true)) === XenstoreFault.EINVAL && isNumber(2), "one that fails does not");
  must("count though disturbed", count(3, false));
  assert(hasTried(4) && isNumber(301), "one that was disturbed is tried again");
  assert(faultOf(count(1000, false)) === XenstoreFault.EAGAIN, "in the end it is given up");
  assert(hasTried(64), "after 64 attempts");
}

/** @blocks */
function count(disturbances: u64, fails: boolean): Result<undefined, XenstoreFault> {
  counting.disturbances = disturbances;
  counting.attempts = 0;
  counting.fails = fails;
  return xenstore.transact(counting);
}

function hasTried(times: u64): boolean {
  return counting.attempts === times;
}

/** @blocks */
function isNumber(wanted: u64): boolean {
  const found = xenstore.readNumber("data/t/n");
  return found.ok && found.value === wanted;
}

/** As after a restore: the rings and the port once more. @blocks */
function startAnew(): void {
  attachXenstore(startInfo());
  const patient = new Store(0, systemTime() + soon);
  must("write", patient.write("data/t/a", "again"));
  assert(valueOf("data/t/a").equals("again".bytes()), "the connection works after it was made anew");
}

/** @blocks */
function measure(): void {
  const begun = systemTime();
  const rounds = 200;
  for (let round: u32 = 0; round < rounds; round++)
    assert(xenstore.exists("data/t/a").ok, "there is an answer");
  log.info(`xenstore: ${(systemTime() - begun) / rounds / 1000} us for a question and its answer`);
}
