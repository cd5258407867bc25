/** Which devices there are: `device/<kind>/<id>` in our directory, watched as a whole. Each gets a task. */
import * as log from "../../../lib/log.ts";
import { describeMemoryFault } from "../../../lib/memory-fault.ts";
import { TextBuffer } from "../../../lib/text-buffer.ts";
import { heap } from "../../../mm/kernel-heap.ts";
import { Owner } from "../../../mm/owner.ts";
import { Pool } from "../../../mm/pool.ts";
import { detach, sleep, spawn, waitShielded, wakeAll } from "../../../sched/scheduler.ts";
import { Priority, TaskList, WakeSource, type TaskBody } from "../../../sched/task.ts";
import { never } from "../../../sched/timer-heap.ts";
import { parseDecimal } from "../xenstore/answers.ts";
import { describeXenstoreFault, XenstoreFault } from "../xenstore/fault.ts";
import { Names } from "../xenstore/names.ts";
import { isAtOrBelow } from "../xenstore/path.ts";
import { xenstore } from "../xenstore/store.ts";
import { Watch, type WatchTarget } from "../xenstore/watch.ts";
import { FrontKinds } from "./front-kinds.ts";
import { FrontTask, type FrontKeeper } from "./front-task.ts";

/** Devices that there can be at once. */
export const deviceLimit = 32;
/** After so many ns a watch that xenstored refused is asked for again. */
const watchInterval = 2000000000;
const blank = new FrontTask();

@struct
export class Bus implements TaskBody, WatchTarget, FrontKeeper {
  readonly kinds = new FrontKinds();
  readonly devices = new Pool<FrontTask>();
  first: FrontTask | null = null;
  readonly watch = new Watch();
  readonly news = new TaskList("xenbus, for devices", WakeSource.Work);
  mustScan: boolean = true;
  scans: u64 = 0;
  /** The log says that there is no room for some device. */
  hasSaidFull: boolean = false;
  /** Names of kinds, and of the devices of one kind, during a scan. */
  readonly kindNames = new FixedArray<u8, 512>();
  readonly deviceNames = new FixedArray<u8, 1024>();

  /** Begins to look for devices, in a task. Without memory for that there are none. @allocates */
  start(): void {
    const filled = this.devices.fill(heap, deviceLimit, Owner.Pools);
    if (!filled.ok) return log.error(`xenbus: no devices: ${describeMemoryFault(filled.error)}`);
    const task = spawn("xenbus", Priority.Service, this);
    if (task.ok) detach(task.value);
    else log.error(`xenbus: no devices: ${task.error}`);
  }

  /** @blocks */
  run(): void {
    if (!this.watchDevices()) return;
    for (;;) {
      while (!this.mustScan) waitShielded(this.news, never);
      this.mustScan = false;
      this.scan();
    }
  }

  /** Tries until xenstored tells of devices; false where this domain has no xenstore. @blocks */
  watchDevices(): boolean {
    for (let isFirst = true; ; isFirst = false) {
      const watched = xenstore.watch(this.watch, "device".bytes(), this);
      if (watched.ok) return true;
      if (watched.error === XenstoreFault.Absent) return false;
      if (isFirst) log.error(`xenbus: no devices for now: ${describeXenstoreFault(watched.error)}`);
      sleep(watchInterval);
    }
  }

  /** Something below `device` changed: it is for the device that is there, or there may be another one. @blocks */
  changed(path: Slice<u8>): void {
    const isAll = path.equals("device".bytes());
    let isKnown = false;
    for (let task = this.first; task !== null; task = task.next) {
      const home = task.front.home.text();
      if (isAll || (path.length > home.length && isAtOrBelow(path, home))) {
        isKnown = task.front.isPresent;
        if (isAll || tells(path.slice(home.length))) task.front.tellOfFront();
      }
    }
    if (isAll || !isKnown) this.requestScan();
  }

  requestScan(): void {
    this.mustScan = true;
    wakeAll(this.news);
  }

  /** Finds devices that are new, and those that are gone. @blocks */
  scan(): void {
    this.scans++;
    const kinds = xenstore.directory("device", this.kindNames);
    if (!kinds.ok && kinds.error !== XenstoreFault.ENOENT) return this.reportScan(kinds.error);
    if (kinds.ok) {
      const names = new Names(kinds.value);
      while (names.next()) {
        if (!this.scanKind(names.name)) return;
      }
    }
    let task = this.first;
    while (task !== null) {
      const next: FrontTask | null = task.next; // it may be dropped
      if (task.seenInScan !== this.scans) this.remove(task);
      task = next;
    }
  }

  /** Whether the devices of a kind were all seen. @blocks */
  scanKind(kind: Slice<u8>): boolean {
    const devices = xenstore.directory(`device/${text(kind)}`, this.deviceNames);
    if (!devices.ok && devices.error === XenstoreFault.ENOENT) return true;
    if (!devices.ok) {
      this.reportScan(devices.error);
      return false;
    }
    const names = new Names(devices.value);
    while (names.next()) {
      if (parseDecimal(names.name).ok) this.see(kind, names.name); // `suspend/event-channel` is no device
    }
    return true;
  }

  reportScan(fault: XenstoreFault): void {
    if (fault === XenstoreFault.Disconnected) return; // there will be another scan
    log.error(`xenbus: cannot look for devices: ${describeXenstoreFault(fault)}`);
  }

  /** The device is there. */
  see(kind: Slice<u8>, id: Slice<u8>): void {
    const home = new TextBuffer<64>();
    home.set(`device/${text(kind)}/${text(id)}`);
    for (let task = this.first; task !== null; task = task.next) {
      if (!task.front.home.text().equals(home.text())) continue;
      task.seenInScan = this.scans;
      return;
    }
    if (home.isCut) return; // no driver has so long a name
    const task = this.devices.take();
    if (task === null) return this.sayFull(home.text());
    copy(task, blank);
    task.front.home.set(`${text(home.text())}`);
    task.keeper = this;
    task.seenInScan = this.scans;
    task.next = this.first;
    this.first = task;
    this.begin(task, kind);
  }

  /** A device without a driver is kept all the same, so that it is named once. */
  begin(task: FrontTask, kind: Slice<u8>): void {
    const found = this.kinds.find(kind);
    if (!found.ok) return log.info(`${text(task.front.home.text())}: ${found.error}`);
    const attach = found.value.attach;
    const attached = attach(task.front);
    if (!attached.ok) return fail(task, attached.error);
    task.driver = attached.value;
    task.published = found.value.published;
    const started = spawn(found.value.name, Priority.Service, task);
    if (started.ok) return detach(started.value);
    task.driver = null;
    attached.value.gone();
    fail(task, started.error);
  }

  sayFull(home: Slice<u8>): void {
    if (!this.hasSaidFull) log.error(`${text(home)}: no room for it: ${deviceLimit} devices is the limit`);
    this.hasSaidFull = true;
  }

  /** The device's directory is gone. */
  remove(task: FrontTask): void {
    if (task.driver !== null) task.front.remove();
    else this.drop(task);
  }

  /** @blocks */
  ended(task: FrontTask): void {
    this.drop(task);
    this.requestScan(); // it may be there again by now
  }

  drop(task: FrontTask): void {
    let before: FrontTask | null = null;
    for (let other = this.first; other !== task; other = before.next) {
      assert(other !== null, "every device is in the list");
      before = other;
    }
    if (before === null) this.first = task.next;
    else before.next = task.next;
    const given = this.devices.give(task);
    assert(given.ok, "it was taken from the pool");
    this.hasSaidFull = false;
  }
}

export const bus = new Bus();

function fail(task: FrontTask, error: string): void {
  log.error(`${text(task.front.home.text())}: no driver for it: ${error}`);
}

/** Whether the end of a path is that of a node by which the toolstack tells something. */
function tells(path: Slice<u8>): boolean {
  return (
    path.equals("/state".bytes()) || path.equals("/backend".bytes()) || path.equals("/backend-id".bytes())
  );
}
