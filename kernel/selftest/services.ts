/**
 * `test=services`, `test=services-again`: services that say when they are stopped, beside the monitor; of the latter, one
 * asks for the end itself. `test=services-end`: the same services, and the first task ends. `test=shutdown-policy`: the
 * toolstack has to ask twice.
 */
import { overrideShutdown, type ShutdownPolicy } from "../drivers/xenbus/control/shutdown-request.ts";
import * as log from "../lib/log.ts";
import { sleep } from "../sched/scheduler.ts";
import { Ending, endDomain, stopBeforeEnd, type Service } from "../sched/services.ts";

const millisecond = 1000000;

/** Takes its time to stop, so that others could come in between. */
@struct
class Slow implements Service {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  title(): string {
    return this.name;
  }

  /** @blocks */
  stop(): void {
    log.info(`${this.name}: stops`);
    sleep(50 * millisecond);
    log.info(`${this.name}: has stopped`);
  }
}

/** Cannot wait for the others. */
@struct
class Impatient implements Service {
  title(): string {
    return "impatient";
  }

  /** @blocks */
  stop(): void {
    log.info("impatient: stops, and asks for a reboot");
    endDomain(Ending.Reboot);
  }
}

const first = new Slow("first");
const second = new Slow("second");
const third = new Slow("third");
const impatient = new Impatient();

export function startServices(): void {
  const added = stopBeforeEnd(first) && stopBeforeEnd(second) && stopBeforeEnd(third);
  assert(added, "there is room for three services");
}

export function startImpatient(): void {
  const added = stopBeforeEnd(first) && stopBeforeEnd(impatient) && stopBeforeEnd(third);
  assert(added, "there is room for three services");
}

/** Obeys the second time. */
@struct
class Reluctance implements ShutdownPolicy {
  asked: u32 = 0;

  /** @blocks */
  requested(ending: Ending): void {
    this.asked++;
    log.info(`policy: asked to ${ending === Ending.Reboot ? "reboot" : "power off"}, ${this.asked} times`);
    if (this.asked > 1) endDomain(ending);
  }
}

const reluctance = new Reluctance();

export function beReluctant(): void {
  overrideShutdown(reluctance);
}
