/** Our end of a device, as its driver knows it: where it is, whom it talks to, what it has acquired, and its state. */
import { systemTime } from "../../../arch/x86-xen/system-time.ts";
import * as log from "../../../lib/log.ts";
import { TextBuffer } from "../../../lib/text-buffer.ts";
import { writeVisibly } from "../../../lib/visible.ts";
import { waitShielded, wakeAll } from "../../../sched/scheduler.ts";
import { TaskList, Wake, WakeSource } from "../../../sched/task.ts";
import { XenbusState } from "../../../xen-abi/xenbus.ts";
import { describeXenstoreFault, XenstoreFault } from "../xenstore/fault.ts";
import { xenstore, type Store } from "../xenstore/store.ts";
import type { WatchTarget } from "../xenstore/watch.ts";
import { backEndPathLimit, isBackEndPath, lastDomain } from "./back-end-path.ts";
import { BackEnd, isMissing } from "./back-end.ts";
import { Refusal } from "./front-driver.ts";
import { beginsAnew, mayUseRings, type Situation } from "./lifecycle.ts";
import { NumberNode } from "./number-node.ts";
import { UndoList } from "./undo-list.ts";

/** How long, in ns, a back end may take to let go of the rings before they are taken from it. */
const patience = 1000000000;

@struct
export class FrontEnd implements WatchTarget {
  /** `device/<kind>/<id>`: our directory, relative to that of the domain. */
  readonly home = new TextBuffer<64>();
  readonly backEnd = new BackEnd();
  /** What is given back when the connection ends. */
  readonly acquired = new UndoList();
  state: XenbusState = XenbusState.Unknown;
  /** What our node `state` holds, once it was seen or written. */
  writtenState: u64 = XenbusState.Unknown;
  knowsState: boolean = false;
  isPresent: boolean = true;
  isReplaced: boolean = false;
  isRefused: boolean = false;
  /** In xenstore stands why the back end was refused. */
  hasError: boolean = false;
  /** Our directory, or the back end's state, may be different. */
  hasFrontNews: boolean = true;
  hasBackNews: boolean = true;
  isWoken: boolean = false;
  readonly news = new TaskList("xenbus, for news", WakeSource.Work);

  // For drivers.

  /** The number in a node of the back end's directory; anything but one of `least` to `most` is refused. @blocks */
  readNumber(name: Template, least: u64, most: u64): Result<u64, Refusal> {
    const node = new NumberNode();
    const read = node.read(`${text(this.backEnd.path())}/${name}`, least, most);
    return read.ok ? ok(read.value) : err(this.missNumber(name, read.error, node));
  }

  /** The same of a node that may be missing, which means `otherwise`. @blocks */
  readOptional(name: Template, least: u64, most: u64, otherwise: u64): Result<u64, Refusal> {
    const node = new NumberNode();
    const read = node.read(`${text(this.backEnd.path())}/${name}`, least, most);
    if (read.ok) return ok(read.value);
    if (read.error === XenstoreFault.ENOENT) return ok(otherwise);
    return err(this.missNumber(name, read.error, node));
  }

  /** A back end that is unplugged just now has broken no promise, nor has one that cannot be asked. @blocks */
  missNumber(name: Template, fault: XenstoreFault, node: NumberNode): Refusal {
    if (fault === XenstoreFault.Disconnected) return Refusal.Passing; // all watches report when it can be asked again
    if (isMissing(fault) && !this.backEnd.isAsFound()) return Refusal.Passing;
    return this.refuse(`${name}: ${text(node.complaint.text())}`);
  }

  /** A node that holds no number, or a watch, cannot be had. @blocks */
  miss(what: Template, fault: XenstoreFault): Refusal {
    if (fault === XenstoreFault.Disconnected) return Refusal.Passing;
    return this.refuse(`${what}: ${describeXenstoreFault(fault)}`);
  }

  /** Writes a node of our directory; see `FrontDriver.publish`. @blocks */
  write(store: Store, name: Template, value: Template): Result<undefined, XenstoreFault> {
    return store.write(`${text(this.home.text())}/${name}`, value);
  }

  /**
   * Gives the back end up, until it begins anew: the connection is closed, and the log and `error/<home>/error` say why. From
   * any task. @blocks
   */
  refuse(reason: Template): Refusal {
    if (this.isRefused) return Refusal.Told;
    this.isRefused = true;
    log.error(`${text(this.home.text())}: the back end is refused: ${reason}`);
    const written = xenstore.write(`error/${text(this.home.text())}/error`, reason);
    this.hasError = written.ok;
    this.wake();
    return Refusal.Told;
  }

  // For the bus.

  situation(): Situation {
    return {
      ours: this.state,
      theirs: this.backEnd.state,
      isOnline: this.backEnd.isOnline,
      isPresent: this.isPresent,
      isReplaced: this.isReplaced,
      isRefused: this.isRefused,
    };
  }

  /** Says where we are. Nobody hears it where our directory is gone. @blocks */
  announce(state: XenbusState): void {
    if (!this.isPresent) return;
    const said = this.write(xenstore, `state`, `${state}`);
    if (!said.ok) return this.reportUnsaid(said.error);
    this.writtenState = state;
    this.knowsState = true;
  }

  reportUnsaid(fault: XenstoreFault): void {
    if (isPassing(fault)) return;
    log.error(`${text(this.home.text())}: cannot write its state: ${describeXenstoreFault(fault)}`);
  }

  /** The back end does well: what stands in xenstore about it is not true any more. @blocks */
  clearError(): void {
    if (!this.hasError) return;
    const cleared = xenstore.remove(`error/${text(this.home.text())}`);
    this.hasError = !cleared.ok;
  }

  /** Something changed in our directory. */
  tellOfFront(): void {
    this.hasFrontNews = true;
    this.wake();
  }

  /** Our directory is gone. */
  remove(): void {
    this.isPresent = false;
    this.wake();
  }

  /** The back end's state. @blocks */
  changed(path: Slice<u8>): void {
    this.hasBackNews = true;
    this.wake();
  }

  wake(): void {
    this.isWoken = true;
    wakeAll(this.news);
  }

  /** Waits until there is something to look at; false where that is not so before `deadline`. @blocks */
  awaitNews(deadline: u64): boolean {
    while (!this.isWoken) {
      if (waitShielded(this.news, deadline) === Wake.TimedOut) return false;
    }
    return true;
  }

  /** Looks at whatever may be different. @blocks */
  look(): void {
    this.isWoken = false;
    if (this.hasFrontNews) this.lookAtFront();
    if (this.hasBackNews) this.lookAtBack();
  }

  /** @blocks */
  lookAtFront(): void {
    this.hasFrontNews = false;
    this.findBackEnd();
    const state = xenstore.readNumber(`${text(this.home.text())}/state`);
    if (!state.ok) return;
    if (this.knowsState && state.value !== this.writtenState) this.isReplaced = true;
    this.knowsState = true;
    this.writtenState = state.value;
  }

  /** Where our directory says that the back end is; both nodes may be missing as long as it is put together. @blocks */
  findBackEnd(): void {
    const room = new FixedArray<u8, 256>();
    const path = xenstore.read(`${text(this.home.text())}/backend`, room);
    if (!path.ok) return this.missBackEnd(path.error, `backend: ${describeXenstoreFault(path.error)}`);
    const id = new NumberNode();
    const domain = id.read(`${text(this.home.text())}/backend-id`, 0, lastDomain);
    if (!domain.ok) return this.missBackEnd(domain.error, `backend-id: ${text(id.complaint.text())}`);
    if (this.backEnd.isAt(path.value, domain.value)) return;
    const wasElsewhere = this.backEnd.isKnown();
    this.leaveBackEnd();
    if (!isBackEndPath(path.value, domain.value)) return this.refusePath(path.value, domain.value);
    if (wasElsewhere) this.isReplaced = true; // what we have made is for another domain, or another back end
    this.backEnd.moveTo(path.value, domain.value);
    this.isRefused = false;
    const watched = xenstore.watch(this.backEnd.watch, this.backEnd.statePath.text(), this);
    this.hasBackNews = true;
    if (!watched.ok) this.loseBackEnd(watched.error);
  }

  /** @blocks */
  refusePath(path: Slice<u8>, domain: u64): void {
    const shown = new TextBuffer<256>();
    writeVisibly(shown, path);
    this.refuse(
      `backend: expected up to ${backEndPathLimit} bytes below /local/domain/${domain}/backend, got "${text(shown.text())}"`,
    );
  }

  /** Its state cannot be watched: it is looked for again when our directory has news, as after a broken connection. @blocks */
  loseBackEnd(fault: XenstoreFault): void {
    this.backEnd.forget();
    if (fault === XenstoreFault.Disconnected) return;
    this.refuse(`its state cannot be watched: ${describeXenstoreFault(fault)}`);
  }

  /** @blocks */
  missBackEnd(fault: XenstoreFault, reason: Template): void {
    if (fault === XenstoreFault.Disconnected) return;
    this.leaveBackEnd();
    if (isMissing(fault)) return;
    this.refuse(reason);
  }

  /** @blocks */
  leaveBackEnd(): void {
    xenstore.unwatch(this.backEnd.watch);
    this.backEnd.forget();
  }

  /** @blocks */
  lookAtBack(): void {
    this.hasBackNews = false;
    const before = this.backEnd.state;
    const node = new NumberNode();
    const looked = this.backEnd.look(node);
    if (!looked.ok) {
      this.refuse(`state: ${text(node.complaint.text())}`);
    } else if (beginsAnew(before, this.backEnd.state)) {
      this.isRefused = false;
    }
  }

  /** After we said that we are closed: gives the back end time to stop using the rings. @blocks */
  awaitLettingGo(): void {
    const deadline: u64 = systemTime() + patience;
    while (this.acquired.count > 0 && this.isPresent && !this.isReplaced && mayUseRings(this.backEnd.state)) {
      if (!this.awaitNews(deadline)) return;
      this.look();
    }
  }
}

/** Whether news is to come that makes it irrelevant: the directory is gone, or all watches are set again. */
export function isPassing(fault: XenstoreFault): boolean {
  return isMissing(fault) || fault === XenstoreFault.Disconnected;
}
