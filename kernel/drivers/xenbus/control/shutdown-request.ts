/** `control/shutdown`: what the toolstack wants of the domain as a whole. */
import * as log from "../../../lib/log.ts";
import { Ending, endDomain } from "../../../sched/services.ts";

/** Who decides what happens when the toolstack wants the domain to end. */
export interface ShutdownPolicy {
  /** The request was acknowledged; it may come back without having ended the domain. @blocks */
  requested(ending: Ending): void;
}

/** Stops the services, and ends. */
@struct
class Obedience implements ShutdownPolicy {
  /** @blocks */
  requested(ending: Ending): void {
    endDomain(ending);
  }
}

const obedience = new Obedience();
let policy: ShutdownPolicy = obedience;

/** Has `other` decide from now on. */
export function overrideShutdown(other: ShutdownPolicy): void {
  policy = other;
}

/** What is not acknowledged: it is not built, and the toolstack gives up after a minute if nobody does. */
export const refusedRequest = "suspend";

/** Whether it was said that the present request is not met: it stays, and is seen again. */
let isRefusing: boolean = false;

/** Does what the word says. Nothing where there is none. @blocks */
export function answerShutdown(word: Slice<u8>): void {
  const isRefused = word.equals(refusedRequest.bytes());
  if (isRefused && !isRefusing) log.warn("control: asked to suspend, which this kernel cannot do");
  isRefusing = isRefused;
  if (isRefused || word.length === 0) return;
  const isReboot = word.equals("reboot".bytes());
  if (isReboot || word.equals("poweroff".bytes()) || word.equals("halt".bytes())) {
    log.info(`control: ${isReboot ? "reboot" : "power off"}, as the toolstack asks`);
    return policy.requested(isReboot ? Ending.Reboot : Ending.Poweroff);
  }
  log.warn("control: the toolstack asks for what this kernel does not know");
}
