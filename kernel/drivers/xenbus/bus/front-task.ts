/**
 * The life of one device, in a task of its own: a back end that does not answer holds up nobody else. lifecycle.ts decides
 * on each step; here it is taken.
 */
import { never } from "../../../sched/timer-heap.ts";
import type { TaskBody } from "../../../sched/task.ts";
import { XenbusState } from "../../../xen-abi/xenbus.ts";
import { describeXenstoreFault, XenstoreFault } from "../xenstore/fault.ts";
import { xenstore, type Store, type TransactionBody } from "../xenstore/store.ts";
import { Refusal, type FrontDriver } from "./front-driver.ts";
import { FrontEnd, isPassing } from "./front-end.ts";
import { nextStep, Step } from "./lifecycle.ts";

/** Who is told of a device's end. */
export interface FrontKeeper {
  /** The task ends, and its struct is not used any more. @blocks */
  ended(task: FrontTask): void;
}

@struct
export class FrontTask implements TaskBody {
  readonly front = new FrontEnd();
  keeper: FrontKeeper | null = null;
  /** None where there is no driver for this kind: then no task runs. */
  driver: FrontDriver | null = null;
  /** The state that tells this kind of back end that the rings are published. */
  published: XenbusState = XenbusState.Initialised;
  /** When the bus has seen our directory last. */
  seenInScan: u64 = 0;
  next: FrontTask | null = null;

  /** @blocks */
  run(): void {
    for (let step = this.nextStep(); step !== Step.Forget; step = this.nextStep()) this.take(step);
    this.forget();
  }

  /** @blocks */
  nextStep(): Step {
    this.front.look();
    return nextStep(this.front.situation());
  }

  /** @blocks */
  take(step: Step): void {
    switch (step) {
      case Step.Begin:
        return this.begin();
      case Step.Negotiate:
        return this.negotiate();
      case Step.Connect:
        return this.connect();
      case Step.Heed:
        return this.heed();
      case Step.Close:
        return this.close();
      case Step.Leave:
        return this.leave();
      case Step.Restart:
        return this.restart();
      case Step.Wait:
      case Step.Forget:
        this.front.awaitNews(never);
        break;
    }
  }

  /** @blocks */
  begin(): void {
    this.front.state = XenbusState.Initialising;
    this.front.announce(XenbusState.Initialising);
  }

  /** From here on, `closing` follows. @blocks */
  negotiate(): void {
    this.front.state = XenbusState.Initialised;
    const made = this.driver!.negotiate();
    if (!made.ok) {
      if (made.error === Refusal.Passing) this.startOver();
      return;
    }
    const publication = new Publication(this);
    const published = xenstore.transact(publication);
    if (published.ok) this.front.writtenState = this.published;
    else this.notPublished(published.error);
  }

  /**
   * Nothing was written: where our directory is gone, or the connection to xenstored, news will come of what is then. Until
   * that, nothing is tried again. @blocks
   */
  notPublished(fault: XenstoreFault): void {
    if (isPassing(fault)) this.startOver();
    else this.front.refuse(`cannot publish the rings: ${describeXenstoreFault(fault)}`);
  }

  /** As soon as there is news. @blocks */
  startOver(): void {
    this.front.isReplaced = true;
    this.front.awaitNews(never);
  }

  /** @blocks */
  connect(): void {
    const ready = this.driver!.connected();
    if (!ready.ok) {
      if (ready.error === Refusal.Passing) this.front.awaitNews(never);
      return;
    }
    this.front.state = XenbusState.Connected;
    if (this.published !== XenbusState.Connected) this.front.announce(XenbusState.Connected);
    this.front.clearError();
  }

  /** @blocks */
  heed(): void {
    this.driver!.changed();
    this.front.awaitNews(never);
  }

  /** @blocks */
  close(): void {
    const hasNegotiated = this.hasNegotiated();
    this.front.state = XenbusState.Closing;
    this.front.announce(XenbusState.Closing);
    if (hasNegotiated) this.driver!.closing();
  }

  /** @blocks */
  leave(): void {
    this.front.announce(XenbusState.Closed);
    this.front.awaitLettingGo();
    this.front.acquired.giveAllBack();
    this.front.state = XenbusState.Closed;
  }

  /** @blocks */
  restart(): void {
    if (this.hasNegotiated()) this.driver!.closing();
    this.front.acquired.giveAllBack();
    this.front.isReplaced = false;
    this.front.hasBackNews = true;
    this.front.state = XenbusState.Unknown;
  }

  /** @blocks */
  forget(): void {
    this.front.leaveBackEnd();
    this.front.clearError();
    this.driver!.gone();
    this.keeper!.ended(this);
  }

  hasNegotiated(): boolean {
    return this.front.state === XenbusState.Initialised || this.front.state === XenbusState.Connected;
  }
}

/** What goes into one transaction: what the driver writes, and the state that says that it is there. */
@struct
class Publication implements TransactionBody {
  readonly task: FrontTask;

  constructor(task: FrontTask) {
    this.task = task;
  }

  /** @blocks */
  run(store: Store): Result<undefined, XenstoreFault> {
    const written = this.task.driver!.publish(store);
    if (!written.ok) return written;
    return this.task.front.write(store, "state", `${this.task.published}`);
  }
}
